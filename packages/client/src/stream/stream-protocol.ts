/** What a line of a stream is. */
export type LineReading<T> =
  /** `isLast`: nothing can come after it. */
  | { readonly kind: "item"; readonly item: T; readonly isLast: boolean }
  /** One that was given before. */
  | { readonly kind: "seen" }
  /** Not what the API writes: the stream is read anew. */
  | { readonly kind: "fault"; readonly message: string };

/** What the lines of one stream mean, and where it goes on. Knows what has been given so far. */
export interface StreamProtocol<T> {
  /** Where the rest is to be had, as of now. */
  path(): string;
  /** A new connection is there. */
  opened(): void;
  read(line: string): LineReading<T>;
  /** What the stream is about, for messages: `the events of job_1`. */
  readonly about: string;
  /** Said when the server stays away. */
  readonly lostMessage: string;
}
