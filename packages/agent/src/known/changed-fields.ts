import type { PersonProfile } from "@cmo/engine";
import { type JsonObject, objectOf } from "../people/stored-json.ts";

/** The fields of a profile that a person changes themselves, in the order in which they are told. */
export const comparedFields = [
  "login",
  "name",
  "email",
  "company",
  "location",
  "bio",
  "status",
  "websiteUrl",
  "twitterUsername",
  "isHireable",
] as const satisfies readonly (keyof PersonProfile)[];

/** The names of the fields in which a profile differs from what was stored of it; null when nothing was. */
export function changedFields(stored: unknown, profile: PersonProfile): readonly string[] | null {
  const before = profileIn(stored);
  if (before === null) return null;
  // A version before may not have stored a field: that is no change.
  return comparedFields.filter((field) => field in before && before[field] !== profile[field]);
}

/** The profile in the value of a stored answer. */
function profileIn(stored: unknown): JsonObject | null {
  return objectOf(objectOf(stored)?.profile);
}
