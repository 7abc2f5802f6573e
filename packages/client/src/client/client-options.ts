import type { Clock, Random } from "@cmo/engine";
import type { Backoff, Fetch } from "../http/api-link.ts";
import type { ParseEvent } from "../stream/parse-event.ts";

/** Options of `createClient`. */
export interface ClientOptions {
  /** `http://127.0.0.1:2660`, `https://cmo.example/prefix/`. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer` to that address and nowhere else. Without one nothing is sent. */
  readonly apiKey?: string | undefined;
  /** Default: the global one. */
  readonly fetch?: Fetch | undefined;
  /** For a plain request with its answer, and for the head of a stream or file, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** So long may a stream or file be silent before its connection counts as broken. Default 45,000. */
  readonly silenceMs?: number | undefined;
  /** How many times a request is made again that may be. Default 3. */
  readonly retries?: number | undefined;
  /** Default: 500 ms, at most 10 s. */
  readonly backoff?: Backoff | undefined;
  /** When `events` and `watch` give up without hearing of the server. Default 300,000. */
  readonly giveUpAfterMs?: number | undefined;
  /**
   * How events are read. The default looks at the envelope and gives what came; `parseJobEvent` of the engine looks
   * at the data of each type too, and takes more code into a page.
   */
  readonly parseEvent?: ParseEvent | undefined;
  /** Sent as `User-Agent`; for Node, since browsers have their own. */
  readonly userAgent?: string | undefined;
  /** Default: the host's timers. */
  readonly clock?: Clock | undefined;
  /** For jitter and idempotency keys. Default `Math.random`. */
  readonly random?: Random | undefined;
}
