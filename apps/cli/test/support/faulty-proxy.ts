import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

/** What stands between a command and its server, and does not always do what it should. */
export interface FaultyProxy {
  readonly url: string;
  /** Requests that came, as `GET /api/jobs`, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** What becomes of a request: `pass`; `lose`: the server does it, and its answer is lost; `cut`: it never gets there. */
export type Fate = "pass" | "lose" | "cut";

/** Opens a {@link FaultyProxy} before a server; `fate` is asked for each request, with how many of its kind there were. */
export async function openFaultyProxy(
  target: string,
  fate: (what: string, earlier: number) => Fate,
): Promise<FaultyProxy> {
  const asked: string[] = [];
  const server = createServer((incoming, answer) => {
    const what = `${incoming.method} ${incoming.url?.split("?")[0]}`;
    const earlier = asked.filter((one) => one === what).length;
    asked.push(what);
    const decided = fate(what, earlier);
    if (decided === "cut") incoming.socket.destroy();
    else forward(target, incoming, answer, decided);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(target: string, incoming: IncomingMessage, answer: ServerResponse, fate: Fate): void {
  const { method, url, headers } = incoming;
  const { host: _host, ...others } = headers;
  const outgoing = request(new URL(url ?? "/", target), { method, headers: others }, (served) => {
    if (fate === "lose") {
      // Only when it is there in full, so that the server has done what was asked.
      served.on("end", () => incoming.socket.destroy()).resume();
      return;
    }
    answer.writeHead(served.statusCode ?? 500, served.headers);
    served.on("error", () => answer.destroy());
    served.pipe(answer);
  });
  outgoing.on("error", () => incoming.socket.destroy());
  incoming.pipe(outgoing);
}
