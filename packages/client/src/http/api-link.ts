import type { Clock, Random } from "@cmo/engine";
import type { ApiAddress } from "./api-address.ts";

/** The slice of `fetch` that the client uses; `globalThis.fetch` is such a function. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How long waits between attempts become, in milliseconds. */
export interface Backoff {
  /** The most before the second attempt; doubled with each that follows. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

/** What every request is made with. */
export interface ApiLink {
  readonly address: ApiAddress;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  /** Those of every request, the key's among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly hasKey: boolean;
  /** Takes the key out of a text. */
  withoutKey(text: string): string;
  readonly timeoutMs: number;
  readonly silenceMs: number;
  readonly retries: number;
  readonly backoff: Backoff;
}
