import { createHash, createHmac } from "node:crypto";
import type { Digest } from "@cmo/engine";

/** SHA-256, or HMAC-SHA-256 under a key, from Node's own crypto. */
export const nodeDigest: Digest = (key) =>
  key === undefined ? createHash("sha256") : createHmac("sha256", key);
