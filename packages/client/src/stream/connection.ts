import type { CmoError } from "@cmo/engine";

/** How a stream's connection stands. */
export interface Connection {
  readonly state: "connecting" | "live" | "waiting" | "ended";
  /** The attempts in a row that brought nothing new, from 1. */
  readonly attempt: number;
  /** What the last one ended with; null while nothing is wrong. */
  readonly error: CmoError | null;
  /** While waiting: when the next attempt comes. */
  readonly retryInMs: number | null;
  /** For how long nothing has been heard of the server, as far as it was tried. 0 when it is heard. */
  readonly downForMs: number;
}

/** Is told of each change of a stream's connection. It must not throw. */
export type ConnectionListener = (connection: Connection) => void;
