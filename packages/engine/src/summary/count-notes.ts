import type { SummaryNote } from "./summary-state.ts";

/** A note, and how often it was made. */
export interface CountedNote extends SummaryNote {
  readonly count: number;
}

/**
 * Notes that say the same, once, in the order in which they were first made. That the same attempt failed for the same
 * reason again is one thing that happened several times: the number of the attempt is left out then.
 */
export function countNotes(notes: readonly SummaryNote[]): readonly CountedNote[] {
  const alike = new Map<string, SummaryNote[]>();
  for (const note of notes) {
    const key = JSON.stringify([note.code, note.message.replace(attemptPrefix, "")]);
    const group = alike.get(key);
    if (group === undefined) alike.set(key, [note]);
    else group.push(note);
  }
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const message =
      group.length === 1 ? first.message : first.message.replace(attemptPrefix, "An attempt failed: ");
    return [{ ...first, message, count: group.length }];
  });
}

/** As the fold of the log writes it. */
const attemptPrefix = /^Attempt \d+ failed: /;
