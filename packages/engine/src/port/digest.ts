/** A running hash: the slice of Node's `Hash` and `Hmac` that the engine needs. */
export interface HashStream {
  /** Takes text as UTF-8. */
  update(text: string): unknown;
  /** Ends the stream; lower-case hexadecimal. */
  digest(encoding: "hex"): string;
}

/**
 * SHA-256, or HMAC-SHA-256 when a key is given.
 * In Node: `(key) => (key === undefined ? createHash("sha256") : createHmac("sha256", key))`.
 */
export type Digest = (key?: string) => HashStream;

/** The SHA-256 of a text, or its HMAC under `key`, in hexadecimal. */
export function digestText(digest: Digest, text: string, key?: string): string {
  const stream = digest(key);
  stream.update(text);
  return stream.digest("hex");
}
