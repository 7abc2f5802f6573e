import { CmoError } from "@cmo/engine";

/** A value of a query. Undefined, empty text and an empty list are left out; a list is joined by commas. */
export type QueryValue = string | number | boolean | readonly string[] | undefined;

/**
 * A path of the API with its query: `apiPath(["jobs", id, "leads"], { limit: 5 })`.
 * @throws CmoError `not_found` for a name that no path can hold, such as `..`, which would lead to another route.
 */
export function apiPath(
  segments: readonly string[],
  query: Readonly<Record<string, QueryValue>> = {},
): string {
  const path = segments.map((segment) => `/${encodeSegment(segment)}`).join("");
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const text = typeof value === "object" ? value.join(",") : String(value ?? "");
    if (text !== "") search.set(name, text);
  }
  const suffix = search.toString();
  return `/api${path}${suffix === "" ? "" : `?${suffix}`}`;
}

function encodeSegment(segment: string): string {
  // A lone surrogate has no UTF-8; addresses take the dots out of a path, even when they are encoded.
  if (segment === "" || segment === "." || segment === ".." || /\p{Surrogate}/u.test(segment)) {
    throw new CmoError("not_found", `Nothing is called ${JSON.stringify(segment)}.`);
  }
  return encodeURIComponent(segment);
}
