import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers a request; `count` is how many there were, with this one. */
export type Behaviour = (
  response: ServerResponse,
  request: SeenRequest,
  count: number,
) => void | Promise<void>;

/** A server on a real socket that behaves as it is told. */
export interface FakeApi {
  readonly baseUrl: string;
  readonly requests: readonly SeenRequest[];
  /** Answers that are under way: neither ended nor cut off. */
  open(): number;
  close(): Promise<void>;
}

/** Starts a {@link FakeApi} on loopback. */
export async function startFakeApi(behave: Behaviour): Promise<FakeApi> {
  const requests: SeenRequest[] = [];
  let open = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    requests,
    open: () => open,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    open += 1;
    response.on("close", () => {
      open -= 1;
    });
    const { method = "", url = "", headers } = request;
    const seen = { method, path: url, headers, body: await text(request) };
    requests.push(seen);
    await behave(response, seen, requests.length);
  }
}

/** An address of loopback where nobody listens. */
export async function deafAddress(): Promise<string> {
  const api = await startFakeApi(() => {});
  await api.close();
  return api.baseUrl;
}

/** Answers with JSON. */
export function json(response: ServerResponse, value: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}

/** Answers with a problem document. */
export function problem(
  response: ServerResponse,
  status: number,
  document: Record<string, unknown>,
  headers = {},
): void {
  const { code } = document;
  const whole = {
    type: `urn:cmo:error:${code}`,
    title: "",
    status,
    detail: "",
    hint: null,
    retryable: false,
  };
  json(response, { ...whole, ...document }, status, {
    "content-type": "application/problem+json",
    ...headers,
  });
}

/** Begins a stream. */
export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  response.flushHeaders();
}
