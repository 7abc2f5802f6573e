/** What a caller may ask for. */
export interface ApiLimits {
  /** Of a request's body, in bytes. */
  readonly bodyBytes: number;
  /** Of the address with its query, in characters. */
  readonly urlLength: number;
  /** Requests a key may make in a minute, and at once; 0 for no limit. */
  readonly requestsPerMinute: number;
  readonly requestBurst: number;
  /** Streams that are open at once, over all readers. */
  readonly readers: number;
}

/** The limits of a server that is told nothing else. */
export const defaultApiLimits: ApiLimits = {
  bodyBytes: 1_048_576,
  urlLength: 8_192,
  requestsPerMinute: 1_200,
  requestBurst: 300,
  readers: 5_000,
};
