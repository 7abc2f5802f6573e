import type { MissingReason, SourceAnswer, SourceCall } from "@cmo/engine";
import type { Failure } from "../http/judge-answer.ts";
import { type Asker, waitToRetry } from "../source/question.ts";
import type { AdaptiveSize } from "./adaptive-size.ts";

/** What a batch came to for one of its items. */
export type ItemOutcome<I, T> =
  | { kind: "known"; value: T }
  | { kind: "missing"; reason: MissingReason }
  /** There is another page to ask for. */
  | { kind: "more"; item: I }
  /** This part of the answer was left out. `code` is for logs. */
  | { kind: "unanswered"; code: string };

/** What a batch came to. */
export type BatchOutcome<I, T> =
  /** One outcome per item, in their order. */
  | { kind: "answered"; outcomes: readonly ItemOutcome<I, T>[]; durationMs: number }
  | { kind: "failed"; failure: Failure }
  /** The question itself had to be changed: the same items again, at once. */
  | { kind: "changed" };

/** A kind of question that is asked about many items at once. */
export interface BatchWork<I extends { id: string }, T> {
  /** What the items are called in messages: `repositories`. */
  noun: string;
  size: AdaptiveSize;
  ask(items: readonly I[]): Promise<BatchOutcome<I, T>>;
  /** Whether two items can be asked for in one document. */
  isAlike(one: I, other: I): boolean;
  /** The same question about a single item in smaller portions; null when it has none. */
  lighten(item: I): I | null;
  /** Asks GitHub something trivial: does it answer at all? */
  probe(): Promise<boolean>;
}

/**
 * Asks about items in batches of the size that works, and yields what each batch came to. A batch that was too much is
 * asked again in halves, never at the same size; what was left out of an answer is asked for again in smaller pieces,
 * and what did come is kept. Each id is yielded once, or a `CmoError` is thrown.
 *
 * An item of which even the smallest question is too much, `maxAttempts` times while GitHub answers others, is
 * `unavailable`; a failure that is not about size is thrown, since another time the item may well be answered.
 */
export async function* answerInBatches<I extends { id: string }, T>(
  items: readonly I[],
  work: BatchWork<I, T>,
  asker: Asker,
  call: SourceCall,
): AsyncGenerator<readonly SourceAnswer<T>[], void, undefined> {
  let pending: Pending<I>[] = items.map((item) => ({
    item,
    cap: Number.POSITIVE_INFINITY,
    attempts: 0,
    isAboutSize: true,
  }));
  let failuresInARow = 0;
  let failuresElsewhere = 0;
  while (pending.length > 0) {
    const batch = takeBatch(pending, work);
    const rest = pending.slice(batch.length);
    const outcome = await work.ask(batch.map((entry) => entry.item));
    if (outcome.kind === "changed") continue;
    if (outcome.kind === "failed") {
      const { failure } = outcome;
      failuresInARow += 1;
      if (failure.blame === "elsewhere") {
        failuresElsewhere += 1;
        if (failuresElsewhere >= asker.maxAttempts) throw failure.error;
        await waitToRetry(asker, failuresInARow, failure, "Asking again.", call);
        continue;
      }
      work.size.tooMuch(batch.length);
      const smaller = makeSmaller(batch, work, batch.length, failure.blame === "size");
      const lost = smaller.find((entry) => entry.attempts >= asker.maxAttempts);
      if (lost === undefined) {
        pending = [...smaller, ...rest];
        await waitToRetry(asker, failuresInARow, failure, describeNext(smaller, work), call);
        continue;
      }
      if (!lost.isAboutSize || !(await work.probe())) throw failure.error;
      yield [{ id: lost.item.id, value: null, missing: "unavailable" }];
      pending = rest;
      continue;
    }
    failuresInARow = 0;
    failuresElsewhere = 0;
    const sorted = sortOutcomes(batch, outcome.outcomes);
    if (sorted.unanswered.length === 0) work.size.answered(batch.length, outcome.durationMs);
    else work.size.tooMuch(batch.length);
    const smaller = makeSmaller(sorted.unanswered, work, batch.length, true);
    const lost = smaller.filter((entry) => entry.attempts >= asker.maxAttempts);
    for (const entry of lost) sorted.answers.push({ id: entry.item.id, value: null, missing: "unavailable" });
    pending = [...smaller.filter((entry) => !lost.includes(entry)), ...sorted.more, ...rest];
    if (sorted.answers.length > 0) yield sorted.answers;
  }
}

/** Answers of one request, which say so. */
export function together<T>(answers: readonly SourceAnswer<T>[]): SourceAnswer<T>[] {
  return answers.map((answer, index) => (index + 1 < answers.length ? { ...answer, more: true } : answer));
}

interface Pending<I> {
  item: I;
  /** It failed in a batch of twice this size. */
  cap: number;
  /** How often its smallest question failed. */
  attempts: number;
  /** Each time it looked as if even that was too much. */
  isAboutSize: boolean;
}

/** As many from the head as fit in one document, and as none of them was too much for. */
function takeBatch<I extends { id: string }, T>(
  pending: readonly Pending<I>[],
  work: BatchWork<I, T>,
): Pending<I>[] {
  const batch: Pending<I>[] = [];
  let cap = work.size.current();
  for (const entry of pending) {
    cap = Math.min(cap, entry.cap);
    const [first] = batch;
    if (batch.length >= cap || (first !== undefined && !work.isAlike(first.item, entry.item))) break;
    batch.push(entry);
  }
  return batch;
}

function makeSmaller<I extends { id: string }, T>(
  entries: readonly Pending<I>[],
  work: BatchWork<I, T>,
  askedTogether: number,
  isAboutSize: boolean,
): Pending<I>[] {
  const cap = Math.max(1, Math.floor(askedTogether / 2));
  if (askedTogether > 1) return entries.map((entry) => ({ ...entry, cap: Math.min(entry.cap, cap) }));
  return entries.map((entry) => {
    const lighter = work.lighten(entry.item);
    if (lighter !== null) return { ...entry, cap, item: lighter };
    return { ...entry, cap, attempts: entry.attempts + 1, isAboutSize: entry.isAboutSize && isAboutSize };
  });
}

function sortOutcomes<I extends { id: string }, T>(
  batch: readonly Pending<I>[],
  outcomes: readonly ItemOutcome<I, T>[],
) {
  const answers: SourceAnswer<T>[] = [];
  const more: Pending<I>[] = [];
  const unanswered: Pending<I>[] = [];
  batch.forEach((entry, index) => {
    const outcome = outcomes[index] ?? { kind: "unanswered", code: "left_out" };
    switch (outcome.kind) {
      case "known":
        answers.push({ id: entry.item.id, value: outcome.value, missing: null });
        break;
      case "missing":
        answers.push({ id: entry.item.id, value: null, missing: outcome.reason });
        break;
      case "more":
        more.push({ ...entry, item: outcome.item, attempts: 0 });
        break;
      case "unanswered":
        unanswered.push(entry);
        break;
      default:
        outcome satisfies never;
    }
  });
  return { answers, more, unanswered };
}

function describeNext<I extends { id: string }, T>(
  next: readonly Pending<I>[],
  work: BatchWork<I, T>,
): string {
  const size = Math.min(next.length, next[0]?.cap ?? 1, work.size.current());
  return `Asking for ${size} ${work.noun} next.`;
}
