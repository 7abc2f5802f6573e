import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { problemDocumentOf } from "@cmo/contract";
import { CmoError } from "@cmo/engine";
import { getRequestListener, RequestError } from "@hono/node-server";
import type { Hono } from "hono";
import { problemAnswer } from "../answer/problem-answer.ts";
import type { ApiEnv } from "../app/api-env.ts";
import { answerClientError } from "./answer-client-error.ts";

/** Where an app listens, and how long it waits for a request. */
export interface ListenOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any that is free. */
  readonly port?: number;
  /** How long the head of a request may take to come. Default 10,000 ms. */
  readonly headersTimeoutMs?: number;
  /** How long a whole request may take to come; an answer may take any time. Default 30,000 ms. */
  readonly requestTimeoutMs?: number;
  /**
   * How long nothing may come or go on a connection while an answer is under way: whoever stopped reading is cut off.
   * Streams have a ping of their own. Default 120,000 ms.
   */
  readonly idleTimeoutMs?: number;
  /** How many connections there may be; more are closed at once. Default 10,000. */
  readonly maxConnections?: number;
  /** Hears of what was thrown and is no error, so that the app could not tell of it. */
  onFailure?(thrown: unknown): void;
}

/** An app that listens. */
export interface ListeningApp {
  /** Its address, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /** Takes no more connections, and ends those that there are, whatever goes on in them. */
  close(): Promise<void>;
}

/**
 * Lets an app listen. @throws CmoError `conflict` for a port that is taken, `usage` for a host or a port that cannot be
 * listened on.
 */
export async function listen(app: Hono<ApiEnv>, options: ListenOptions = {}): Promise<ListeningApp> {
  const { host = "127.0.0.1", port = 0 } = options;
  const server = createServer(
    {
      headersTimeout: options.headersTimeoutMs ?? 10_000,
      requestTimeout: options.requestTimeoutMs ?? 30_000,
      connectionsCheckingInterval: 1_000,
      // Longer than proxies keep theirs, which would otherwise send into one that is just being closed.
      keepAliveTimeout: 75_000,
      maxHeaderSize: 16_384,
      // The app says so itself, with an answer that looks like all others.
      requireHostHeader: false,
    },
    getRequestListener((request, env) => app.fetch(request, env), {
      hostname: host,
      errorHandler: (thrown) => errorAnswer(thrown, options),
    }),
  );
  server.timeout = options.idleTimeoutMs ?? 120_000;
  server.maxConnections = options.maxConnections ?? 10_000;
  server.on("clientError", answerClientError);
  await opened(server, host, port);
  const address = addressOf(server);
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Of what never became a request of the app, such as an address that is none; and of what the app cannot tell of. */
function errorAnswer(thrown: unknown, { onFailure }: ListenOptions): Response {
  const isTheirs = thrown instanceof RequestError;
  if (!isTheirs) onFailure?.(thrown);
  const error = isTheirs
    ? new CmoError("usage", "The request has no address that can be read.")
    : new CmoError("internal", "Something went wrong on this side.");
  return problemAnswer(problemDocumentOf(error));
}

function opened(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(unheard(error, host, port)));
    server.listen(port, host, () => resolve());
  });
}

function unheard(error: NodeJS.ErrnoException, host: string, port: number): CmoError {
  switch (error.code) {
    case "EADDRINUSE":
      return new CmoError("conflict", `Port ${port} of ${host} is taken.`, {
        hint: "Something listens there already, perhaps another cmo. Stop it, or choose another port: --port or CMO_PORT.",
        cause: error,
      });
    case "EACCES":
      return new CmoError("usage", `Port ${port} of ${host} may not be used by this user.`, {
        hint: "Choose a port above 1023: --port or CMO_PORT.",
        cause: error,
      });
    default:
      return new CmoError("usage", `There is no listening on ${host}, port ${port}.`, {
        hint: "Choose another address: --host or CMO_HOST.",
        cause: error,
      });
  }
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (typeof address === "object" && address !== null) return address;
  throw new CmoError("internal", "The server has no address.");
}
