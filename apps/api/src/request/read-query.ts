import type { Problem } from "@cmo/engine";
import type { Context } from "hono";
import * as v from "valibot";
import type { ApiEnv } from "../app/api-env.ts";
import { fieldProblems, unknownName } from "./field-problems.ts";
import { RequestRefused } from "./request-refused.ts";

/** A schema of a query: every value is text, a list where the key came more than once. */
export type QuerySchema = v.StrictObjectSchema<v.ObjectEntries, undefined>;

/**
 * Reads the query of a request. @throws RequestRefused `usage`, with every key that is not known or whose value is not
 * right.
 */
export function readQuery<const T extends QuerySchema>(
  context: Context<ApiEnv>,
  schema: T,
): v.InferOutput<T> {
  const given = context.req.url.includes("?") ? context.req.queries() : {};
  const known = Object.keys(schema.entries);
  const problems: Problem[] = [];
  const values: Record<string, string | string[]> = {};
  for (const [key, all] of Object.entries(given)) {
    if (!Object.hasOwn(schema.entries, key)) problems.push(unknownName([key], known, "parameter"));
    else values[key] = all.length === 1 ? (all[0] ?? "") : all;
  }
  const parsed = v.safeParse(schema, values, { abortPipeEarly: true });
  if (parsed.success && problems.length === 0) return parsed.output;
  for (const { path, message } of fieldProblems(parsed.issues ?? [], known)) {
    // Of a list, too, the parameter is what has a name.
    problems.push({ path: path.slice(0, 1), message });
  }
  throw new RequestRefused("usage", "The query is not right.", { problems });
}
