import * as v from "valibot";
import type { ApiLink } from "./api-link.ts";
import type { OpenAnswer } from "./exchange.ts";
import { notOurs, successful } from "./failed-answer.ts";

/** What an answer holds, and must hold. */
export type AnswerSchema<T> = v.GenericSchema<unknown, T>;

/**
 * Reads an answer's JSON and gives it as it came, with what a newer server may have added, once it is certain that it
 * holds what the schema says. @throws CmoError what the answer tells of; `api_unreachable`, not retryable, for an
 * answer that is not of the API.
 */
export async function checkedAnswer<T>(
  link: ApiLink,
  { response }: OpenAnswer,
  schema: AnswerSchema<T>,
): Promise<T> {
  const text = await (await successful(link, response)).text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notOurs(link, `answered ${response.status} with something that is no JSON`);
  }
  if (isAnswer(schema, value)) return value;
  throw notOurs(
    link,
    `answered something that this version does not understand (${firstIssue(schema, value)})`,
  );
}

// The contract's schemas check and transform nothing, so what passes is of the type that they give.
function isAnswer<T>(schema: AnswerSchema<T>, value: unknown): value is T {
  return v.is(schema, value);
}

/** Where the first thing is that is not right, and what should be there; never what is there. */
function firstIssue(schema: AnswerSchema<unknown>, value: unknown): string {
  const { issues } = v.safeParse(schema, value, { abortEarly: true });
  const issue = issues?.[0];
  if (issue === undefined) return "";
  const path = v.getDotPath(issue) ?? "the answer";
  return issue.expected === null ? path : `${path}: expected ${issue.expected}`;
}
