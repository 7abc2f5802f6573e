import type { PersonText } from "./person-text.ts";
import { listOf, objectOf, type StoredObject, withChanged } from "./stored-value.ts";

/**
 * Somebody's lead without the repositories of a person: the names of these in what the lead did, in the reasons for its
 * score and in where it was read. The very same object when there are none; everything else stays as it is.
 */
export function leadWithout(lead: StoredObject, person: PersonText): StoredObject {
  const text = (value: unknown) => (typeof value === "string" ? person.withoutRepositories(value) : value);
  const each = (key: string) => (values: unknown) =>
    listOf(values).map((value) => {
      const object = objectOf(value);
      return object === null ? value : withChanged(object, key, text);
    });
  const repositories = withChanged(lead, "repositories", each("name"));
  const reasons = withChanged(repositories, "reasons", each("evidence"));
  const next = withChanged(reasons, "provenance", (value) => {
    const origins = Object.entries(objectOf(value) ?? {});
    const named = origins.map(([field, origin]) => {
      const object = objectOf(origin);
      return [field, object === null ? origin : withChanged(object, "url", text)];
    });
    return Object.fromEntries(named);
  });
  return JSON.stringify(next) === JSON.stringify(lead) ? lead : next;
}
