import type { SourceAnswer, TaskAnswer } from "@cmo/engine";

/** A source's answer as that of a task, with this value, and with all that the source says of it. */
export function taskAnswer<T, R>(answer: SourceAnswer<T>, value: R): TaskAnswer<R> {
  return {
    id: answer.id,
    value,
    ...(answer.missing === null && answer.remember !== undefined ? { remember: answer.remember } : {}),
    // That a source had no answer today says nothing about tomorrow.
    ...(answer.missing === "unavailable" ? { unshared: true } : {}),
    ...(answer.more === undefined ? {} : { more: answer.more }),
  };
}
