import type { StreamForm } from "../operation/api-meter.ts";

/** One open stream, as those who have something to say to it see it. */
export interface Connection {
  readonly form: StreamForm;
  /** Whether it takes bytes now: it is open, and the other side reads. */
  canTake(): boolean;
  /** Hands over whole frames. Only when it takes them. */
  send(bytes: Uint8Array): void;
  /** Ends it after what was sent. */
  end(why: "ended" | "stopped"): void;
  /** Cuts it off: its reader is too slow. */
  drop(): void;
}

/** Whose connection it is. */
export interface ConnectionUser {
  /** Bytes can be sent from now on. */
  opened(connection: Connection): void;
  /** It takes bytes again. May come without need. */
  ready(): void;
  /** It is over. Once, even when it never was opened. */
  closed(): void;
}
