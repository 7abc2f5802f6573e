import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CmoError } from "@cmo/engine";
import type { Host } from "@cmo/runtime";

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

function isServer(value: unknown): value is Server {
  return typeof value === "object" && value !== null && "serve" in value && typeof value.serve === "function";
}
