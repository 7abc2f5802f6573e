import { CmoError } from "../error/cmo-error.ts";
import type { TaskAnswer, TaskOptions } from "../port/agent.ts";

/** What is to be stored of an answer. */
export interface Screened {
  /** JSON text. */
  readonly text: string;
  /** It is not what was answered. */
  readonly changed: boolean;
}

/** Answers as `screen` lets them pass, in their order. @throws CmoError `agent_failed` when it loses one. */
export async function screenAnswers<R, E extends { readonly answer: TaskAnswer<R> }>(
  kind: string,
  entries: readonly E[],
  screen: TaskOptions<never, R>["screen"],
): Promise<(E & Screened)[]> {
  // Before the screen sees them: it may change them in place.
  const said = entries.map((entry) => ({ ...entry, text: jsonOf(entry.answer.value), changed: false }));
  if (screen === undefined || said.length === 0) return said;
  const passed = new Map((await screen(entries.map(({ answer }) => answer))).map((one) => [one.id, one]));
  return said.map((entry) => {
    const answer = passed.get(entry.answer.id);
    if (answer === undefined) throw new CmoError("agent_failed", `The screen of ${kind} lost an answer.`);
    const text = jsonOf(answer.value);
    return { ...entry, text, changed: text !== entry.text };
  });
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}
