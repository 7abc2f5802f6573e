import type { Context } from "hono";
import * as v from "valibot";
import type { ApiEnv } from "../app/api-env.ts";
import { fieldProblems } from "./field-problems.ts";
import { parseJsonBody } from "./parse-json-body.ts";
import { readBody } from "./read-body.ts";
import { RequestRefused } from "./request-refused.ts";

/** A schema of a body: a mapping whose keys are all known. */
export type BodySchema<Output> = v.GenericSchema<unknown, Output> & { readonly entries: v.ObjectEntries };

/** Reads a JSON body of a schema. @throws RequestRefused as `readBody` and `parseJsonBody`, and for what does not fit. */
export async function readJson<Output>(
  context: Context<ApiEnv>,
  schema: BodySchema<Output>,
  limitBytes: number,
): Promise<Output> {
  const { text } = await readBody(context, { accepted: ["application/json"], limitBytes });
  return fitTo(schema, parseJsonBody(text));
}

/** A parsed body as its schema has it. @throws RequestRefused `usage`, with every problem. */
export function fitTo<Output>(schema: BodySchema<Output>, value: unknown): Output {
  // To Valibot, a list is an object like any other.
  if (Array.isArray(value)) {
    throw new RequestRefused("usage", "The body is not right.", {
      problems: [{ path: [], message: "must be a mapping" }],
    });
  }
  const parsed = v.safeParse(schema, value, { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  throw new RequestRefused("usage", "The body is not right.", {
    problems: fieldProblems(parsed.issues, Object.keys(schema.entries)),
  });
}
