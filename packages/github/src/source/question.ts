import { type Clock, CmoError, type Random, type SourceCall } from "@cmo/engine";
import * as v from "valibot";
import { backoffMs } from "../client/backoff.ts";
import { throwIfCancelled } from "../client/cancelled.ts";
import type { Answer, GitHubClient } from "../client/create-github-client.ts";
import type { GraphqlError } from "../http/answer-schema.ts";
import { type Failure, isTooMuch, missingScope, type Verdict } from "../http/judge-answer.ts";

/** What every question of the source is asked with. */
export interface Asker {
  client: GitHubClient;
  clock: Clock;
  random: Random;
  /** How often the smallest form of a question is asked. */
  maxAttempts: number;
}

/** Waits before a question is asked again, and says why. `what` is told to people and names nobody. */
export async function waitToRetry(
  asker: Asker,
  failuresInARow: number,
  failure: Failure,
  what: string,
  call: SourceCall,
): Promise<void> {
  const message = `${failure.error.message} ${what}`;
  call.emit({ type: "log", data: { level: "warning", code: "source.retry", message } });
  await asker.clock.sleep(backoffMs(failuresInARow, asker.random), call.signal);
  throwIfCancelled(call.signal);
}

/** Asks a question that cannot be made smaller until it is answered, `maxAttempts` times at most. */
export async function askUntilAnswered<V extends Verdict>(
  asker: Asker,
  ask: () => Promise<Answer<V | FailedVerdict>>,
  call: SourceCall,
): Promise<Answer<V>> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask();
    const { verdict } = answer;
    if (!isFailed(verdict)) return { ...answer, verdict };
    if (attempt >= asker.maxAttempts) throw verdict.failure.error;
    await waitToRetry(asker, attempt, verdict.failure, "Asking again.", call);
  }
}

/** Reads a part of an answer, or throws a `CmoError` `source_answer_invalid` that says where it is not as expected. */
export function readAnswer<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  where: string,
): v.InferOutput<S> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const path = v.getDotPath(parsed.issues[0]) ?? "the answer";
  throw new CmoError("source_answer_invalid", `GitHub's answer is not as expected at ${path} (${where}).`, {
    hint: "The server may be older than this program expects (GitHub Enterprise Server), or this is a bug.",
  });
}

/** The scopes that an `INSUFFICIENT_SCOPES` error asks for, as an error; null when there is no such error. */
export function scopeError(errors: readonly GraphqlError[], where: string): CmoError | null {
  const error = errors.find((candidate) => candidate.type === "INSUFFICIENT_SCOPES");
  if (error === undefined) return null;
  const listed = /requires one of the following scopes: \[([^\]]*)\]/.exec(error.message)?.[1] ?? "";
  return missingScope(listed.match(/[\w:.-]+/g) ?? [], where);
}

/** What became of one node of a batch. */
export type NodeOutcome =
  | { kind: "node"; node: unknown }
  | { kind: "missing"; reason: "gone" | "unavailable" }
  /** This part of the answer was left out. */
  | { kind: "unanswered"; code: string };

/** Judges the node at `path` by the errors about it and inside it. */
export function judgeNode(
  node: unknown,
  path: readonly (string | number)[],
  errors: readonly GraphqlError[],
): NodeOutcome {
  const about = errors.filter((error) => path.every((part, index) => error.path?.[index] === part));
  const leftOut = about.find((error) => isTooMuch(error) || !isFinal(error));
  if (leftOut !== undefined) return { kind: "unanswered", code: leftOut.type?.toLowerCase() ?? "unknown" };
  if (node !== null && node !== undefined) return { kind: "node", node };
  if (about.some((error) => error.type === "NOT_FOUND")) return { kind: "missing", reason: "gone" };
  if (about.length > 0) return { kind: "missing", reason: "unavailable" };
  // Null without a word about it is an account that is gone, unless something else went wrong in this answer.
  const elsewhere = errors.find((error) => !isFinal(error));
  if (elsewhere !== undefined)
    return { kind: "unanswered", code: elsewhere.type?.toLowerCase() ?? "unknown" };
  return { kind: "missing", reason: "gone" };
}

function isFinal(error: GraphqlError): boolean {
  return error.type === "NOT_FOUND" || error.type === "FORBIDDEN";
}

type FailedVerdict = Extract<Verdict, { kind: "failed" }>;

function isFailed<V extends Verdict>(verdict: V | FailedVerdict): verdict is FailedVerdict {
  return verdict.kind === "failed";
}
