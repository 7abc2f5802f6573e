import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CmoError, type ErrorCode, errorCodes } from "@cmo/engine";
import type { Host, Log, RunListener, StoredRuntime } from "@cmo/runtime";

/** How a server is to be; what is left out comes from the environment. */
export interface ServerOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly store?: string | undefined;
  readonly worker?: boolean | undefined;
  readonly concurrency?: number | undefined;
  readonly configDirectory?: string | undefined;
  readonly requestsPerMinute?: number | undefined;
}

/** The built entry of the API, as far as it is used here. */
export interface Server {
  /** Serves until `signal` aborts, and gives the exit code. Never throws. */
  serve(
    options: ServerOptions,
    context: {
      readonly host: Host;
      readonly signal: AbortSignal;
      write(text: string): void;
      onListening?(url: string): void;
    },
  ): Promise<number>;
  /** Makes what tells how a worker is. @throws {@link ownError} knows what. */
  createHealth(options: {
    readonly host: Host;
    readonly log: Log;
    readonly address?: string | undefined;
    readonly port: number;
    readonly store?: string | undefined;
  }): Health;
}

/** See `Health` of the API. */
export interface Health {
  readonly listener: RunListener;
  listen(runtime: StoredRuntime): Promise<ListeningHealth>;
}

/** See `ListeningHealth` of the API. */
export interface ListeningHealth {
  readonly url: string;
  stopping(): void;
  close(): Promise<void>;
}

/** Seen from the built command: in a package of its own, and in a checkout. */
const places = ["./api/server.js", "../../api/dist/server.js"];

/**
 * Loads the API as it was built: no app is made of another one. @throws CmoError `usage` when it is not there, or is
 * something else.
 */
export async function loadServer(): Promise<Server> {
  const entry = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (entry === undefined) {
    throw new CmoError("usage", "The API is not built.", {
      hint: "Build it with: pnpm build. In a checkout, pnpm cli serve builds what it needs.",
    });
  }
  const loaded: unknown = await import(entry.href);
  if (isServer(loaded)) return loaded;
  throw new CmoError("usage", `${fileURLToPath(entry)} is not the API of this version.`, {
    hint: "Build it again with: pnpm build",
  });
}

/** The API is built by itself, and so are its errors: what is a `CmoError` there, as one of here; else as it came. */
export function ownError(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof CmoError || !("code" in thrown)) return thrown;
  const code = errorCodes.find((known): known is ErrorCode => known === thrown.code);
  if (code === undefined) return thrown;
  const hint = "hint" in thrown && typeof thrown.hint === "string" ? { hint: thrown.hint } : {};
  return new CmoError(code, thrown.message, { ...hint, cause: thrown });
}

function isServer(value: unknown): value is Server {
  if (typeof value !== "object" || value === null) return false;
  return ["serve", "createHealth"].every((name) => typeof Reflect.get(value, name) === "function");
}
