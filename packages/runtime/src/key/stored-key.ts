import * as v from "valibot";
import type { ApiKey } from "./key-directory.ts";
import { keyIdPattern } from "./key-text.ts";
import { isTenantName } from "./tenant-name.ts";

/** The roles of keys. */
export const keyRoles = ["member", "operator"] as const satisfies readonly ApiKey["role"][];

/** A key as it is kept. */
export const storedKeySchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(keyIdPattern, "must be 4 to 32 lower-case letters and digits")),
  tenant: v.pipe(
    v.string(),
    v.check(
      isTenantName,
      "must be 1 to 63 lower-case letters, digits, _ and -, the first a letter or a digit",
    ),
  ),
  role: v.picklist(keyRoles, `must be ${keyRoles.join(" or ")}`),
  label: v.nullable(
    v.pipe(v.string(), v.regex(/^[^\p{Cc}\u2028\u2029]{1,100}$/u, "must be one line of 1 to 100 characters")),
  ),
  createdAt: v.nullable(v.pipe(v.string(), v.isoTimestamp("must be an ISO instant"))),
  /** SHA-256 of the key's text, in hexadecimal. */
  digest: v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{64}$/, "must be the SHA-256 of a key in lower-case hexadecimal"),
  ),
});
/** See {@link storedKeySchema}. */
export type StoredKey = v.InferOutput<typeof storedKeySchema>;

/** A key as it is listed. */
export function apiKeyOf({ digest: _digest, ...key }: StoredKey, origin: ApiKey["origin"]): ApiKey {
  return { ...key, origin };
}
