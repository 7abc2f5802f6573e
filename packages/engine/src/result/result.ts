import type { Problem } from "./problem.ts";

/** What parsing gives: a value that cannot be wrong, or every problem at once. Parsing never throws. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };
