import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { GitHubSimulator } from "../simulator/create-simulator.ts";

/** A simulator that listens. */
export interface ListeningSimulator {
  /** Its origin, without a slash at the end: `http://127.0.0.1:41000`. */
  url: string;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

/** Where to listen. */
export interface ListenOptions {
  /** 0 takes a free one. Default 0. */
  port?: number;
  /** A loopback address or `localhost`; nothing else, since the simulator protects nothing. Default 127.0.0.1. */
  host?: string;
}

/**
 * Serves a simulator over HTTP. A connection reset on a script is a reset of the socket; a client that goes away aborts
 * its request.
 *
 * @throws RangeError for a host that is not loopback; rejects when the port is taken
 */
export async function listenGitHubSimulator(
  simulator: Pick<GitHubSimulator, "fetch">,
  { port = 0, host = "127.0.0.1" }: ListenOptions = {},
): Promise<ListeningSimulator> {
  if (!isLoopback(host)) throw new RangeError(`The simulator listens on loopback only, not on ${host}.`);
  const server = createServer((incoming, outgoing) => {
    serve(simulator, incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        // One that comes up while it closes is closed at the next look.
        const looking = setInterval(() => server.closeAllConnections(), lookEveryMs);
        server.close(() => {
          clearInterval(looking);
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

const lookEveryMs = 100;

/** Nobody sends a query of more than this. */
const BODY_LIMIT_BYTES = 1_000_000;

async function serve(
  simulator: Pick<GitHubSimulator, "fetch">,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const body = await readBody(incoming);
  if (body === null) {
    outgoing.writeHead(413, { connection: "close" }).end();
    return;
  }
  const method = incoming.method ?? "GET";
  const host = incoming.headers.host ?? "127.0.0.1";
  try {
    const response = await simulator.fetch(`http://${host}${incoming.url ?? "/"}`, {
      method,
      headers: headersOf(incoming),
      signal: gone.signal,
      redirect: "manual",
      ...(method === "GET" || method === "HEAD" ? {} : { body }),
    });
    const text = await response.text();
    const length =
      response.status === 304 || response.status === 204 ? {} : { "content-length": Buffer.byteLength(text) };
    outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), ...length });
    outgoing.end(text);
  } catch (error) {
    if (gone.signal.aborted || isReset(error)) incoming.socket.resetAndDestroy();
    else outgoing.writeHead(500, { "content-type": "text/plain" }).end(String(error));
  }
}

async function readBody(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > BODY_LIMIT_BYTES) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function headersOf(incoming: IncomingMessage): [string, string][] {
  return Object.entries(incoming.headers).flatMap(([name, value]) => {
    // What belongs to the connection is not part of the request.
    if (value === undefined || CONNECTION_HEADERS.has(name)) return [];
    return [[name, Array.isArray(value) ? value.join(", ") : value] satisfies [string, string]];
  });
}

const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
]);

function isReset(error: unknown): boolean {
  return error instanceof TypeError && error.message === "fetch failed";
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
