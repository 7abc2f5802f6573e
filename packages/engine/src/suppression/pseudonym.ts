import type { Digest } from "../port/digest.ts";
import { hashSuppression } from "./hash-suppression.ts";

/**
 * What stands for an id that must not be stored: the same for the same id in one store, and of no use without the key
 * of its suppression list. Begins with `~`, as no id of a source does; what is a pseudonym already stays one.
 */
export function pseudonymFor(digest: Digest, suppressionKey: string, id: string): string {
  if (id.startsWith("~")) return id;
  return `~${hashSuppression(digest, suppressionKey, { kind: "id", value: id }).slice(0, 24)}`;
}
