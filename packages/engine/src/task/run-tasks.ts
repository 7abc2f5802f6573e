import { CmoError } from "../error/cmo-error.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import { parseStored } from "../people/stored-value.ts";
import type { RunBatch, TaskAnswer, TaskItem, TaskOptions, TaskOutcome } from "../port/agent.ts";
import { type Digest, digestText } from "../port/digest.ts";
import type { SourceNote, TaskResult } from "../port/job-change.ts";
import type { SourceCall } from "../port/source.ts";
import { createBell } from "./bell.ts";
import { taskCacheKey } from "./cache-key.ts";
import { onAbort } from "./on-abort.ts";
import { screenAnswers } from "./screen-answers.ts";
import { openUpstream } from "./upstream.ts";

/** What durable tasks need of the run that they belong to. */
export interface TaskHost {
  readonly digest: Digest;
  /** Only stored results are given; nothing is run. */
  readonly storedOnly: boolean;
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
  readStored(kind: string, itemIds: readonly string[]): Promise<ReadonlyMap<string, TaskResult>>;
  /** The newest results of any job under these keys, none older than this. */
  readCached(cacheKeys: readonly string[], maxAgeMs: number): Promise<ReadonlyMap<string, TaskResult>>;
  /** Logs that these items are answered without asking. */
  noteCached(kind: string, itemIds: readonly string[]): void;
  /** Stores results and notes together with the events gathered so far. */
  store(results: readonly TaskResult[], notes: readonly SourceNote[]): Promise<void>;
  /** A call for one batch, with this signal. */
  openCall(signal: AbortSignal): SourceCall;
}

/** How many items are looked up at once, and how many results may wait for the consumer. */
const windowSize = 1_000;

interface Slot<I> {
  readonly item: TaskItem<I>;
  readonly inputDigest: string;
  /** Under what other jobs know its answer; null when they do not. */
  readonly cacheKey: string | null;
  /** JSON text of the result; undefined until there is one. */
  text: string | undefined;
}

/** An answer to an item; `fetchedAt` where another job was given it. */
interface Answered<I, R> {
  readonly slot: Slot<I>;
  readonly answer: TaskAnswer<R>;
  readonly fetchedAt?: number | undefined;
}

/** See `AgentContext.tasks`. */
export async function* runTasks<I, R>(
  host: TaskHost,
  kind: string,
  items: Iterable<TaskItem<I>> | AsyncIterable<TaskItem<I>>,
  runBatch: RunBatch<I, R>,
  { batchSize = () => 100, concurrency = 4, signal, cache, screen }: TaskOptions<I, R> = {},
): AsyncGenerator<TaskOutcome<I, R>, void, undefined> {
  const bell = createBell();
  /** One for each batch that runs: a signal that all batches listened to would have as many listeners as batches. */
  const controllers = new Set<AbortController>();
  const abortBatches = (reason: unknown) => {
    for (const controller of controllers) controller.abort(reason);
  };
  const slots: Slot<I>[] = [];
  const waiting: Slot<I>[] = [];
  const running = new Set<Promise<void>>();
  const upstream = openUpstream(items, bell.ring);
  let failure: { error: unknown } | null = null;
  const seen = new Set<string>();
  const stop = () => {
    failure ??= { error: new CmoError("cancelled", `The ${kind} tasks are no longer wanted.`) };
    abortBatches(failure.error);
    bell.ring();
  };
  const offAborts = [host.signal, signal].map((one) => onAbort(one, stop));

  try {
    for (;;) {
      const news = bell.next();
      if (failure !== null) throw (failure as { error: unknown }).error;
      const arrived = upstream.take(windowSize - slots.length);
      if (arrived.length > 0) await admit(arrived);
      startBatches();
      const head = slots[0];
      if (head?.text !== undefined) {
        slots.shift();
        yield { id: head.item.id, input: head.item.input, value: readResult(kind, head.text) as R };
      } else if (head === undefined && upstream.ended()) {
        return;
      } else if (arrived.length === 0) {
        await news;
      }
    }
  } finally {
    for (const off of offAborts) off();
    // Whoever leaves early leaves nothing running behind.
    abortBatches(new CmoError("cancelled", "The results are no longer wanted."));
    await Promise.all(running);
    await upstream.close();
  }

  async function admit(arrived: readonly TaskItem<I>[]): Promise<void> {
    const stored = await host.readStored(
      kind,
      arrived.map((item) => item.id),
    );
    const missing: Slot<I>[] = [];
    for (const item of arrived) {
      if (seen.has(item.id))
        throw new CmoError("agent_failed", `The ${kind} task ${item.id} was given twice.`);
      seen.add(item.id);
      const inputDigest = digestText(host.digest, canonicalJson(item.input));
      let result = stored.get(item.id);
      if (result !== undefined && result.inputDigest !== inputDigest) {
        // A fork may ask other questions than its parent did: the answer to the parent's is none to its own.
        if (result.inherited !== true) throw nondeterministic(kind, item.id);
        result = undefined;
      }
      if (result === undefined && host.storedOnly) continue;
      const cacheKey =
        cache === undefined || result !== undefined
          ? null
          : taskCacheKey(host.digest, cache, kind, item, inputDigest);
      const slot: Slot<I> = { item, inputDigest, cacheKey, text: result?.value };
      slots.push(slot);
      if (result === undefined) missing.push(slot);
    }
    await takeCached(missing);
    for (const slot of missing) if (slot.text === undefined) waiting.push(slot);
  }

  /** Makes answers that other jobs were given results of this one: whoever goes on with it finds them as its own. */
  async function takeCached(missing: readonly Slot<I>[]): Promise<void> {
    if (cache === undefined || !(cache.maxAgeMs > 0) || missing.length === 0) return;
    const keys = missing.map((slot) => slot.cacheKey).filter((key) => key !== null);
    const found = await host.readCached(keys, cache.maxAgeMs);
    const hits = missing.flatMap((slot) => {
      const result = found.get(slot.cacheKey ?? "");
      const value = result === undefined ? undefined : parseStored(result.value);
      // What another job's row no longer says is asked for.
      if (result === undefined || value === undefined) return [];
      return [
        {
          slot,
          answer: { id: slot.item.id, value: value as R },
          fetchedAt: result.fetchedAt,
        },
      ];
    });
    if (hits.length > 0) await keep(hits, true);
  }

  /** Stores answers as the screen lets them pass; what other jobs were given, with the time when they were. */
  async function keep(answered: readonly Answered<I, R>[], cached: boolean): Promise<void> {
    const screened = await screenAnswers(kind, answered, screen);
    // In one transaction with the results, since nothing is awaited in between.
    if (cached)
      host.noteCached(
        kind,
        answered.map(({ answer }) => answer.id),
      );
    await host.store(
      screened.map(({ slot: { item, inputDigest, cacheKey }, answer, text, changed, fetchedAt }) => ({
        kind,
        itemId: item.id,
        inputDigest,
        value: text,
        cacheKey: changed || answer.unshared ? null : cacheKey,
        ...(fetchedAt === undefined ? {} : { fetchedAt }),
      })),
      // What was taken out of an answer may stand in its notes.
      screened.flatMap(({ answer, changed }) => (changed ? [] : (answer.remember ?? []))),
    );
    for (const { slot, text } of screened) slot.text = text;
  }

  function startBatches(): void {
    while (failure === null && running.size < concurrency && waiting.length > 0) {
      const size = Math.max(1, Math.floor(batchSize()) || 1);
      const full = waiting.length >= size || upstream.ended() || slots.length >= windowSize;
      if (!full) return;
      const work: Promise<void> = run(waiting.splice(0, size))
        .catch((error) => {
          failure ??= { error };
        })
        .then(() => {
          running.delete(work);
          bell.ring();
        });
      running.add(work);
    }
  }

  async function run(batch: readonly Slot<I>[]): Promise<void> {
    const controller = new AbortController();
    controllers.add(controller);
    const call = host.openCall(controller.signal);
    const open = new Map(batch.map((slot) => [slot.item.id, slot]));
    try {
      const answers = runBatch(
        batch.map((slot) => slot.item),
        call,
      );
      if (Symbol.asyncIterator in answers) {
        const together: TaskAnswer<R>[] = [];
        try {
          for await (const answer of answers) {
            together.push(answer);
            if (answer.more !== true) await settle(together.splice(0));
          }
        } finally {
          // What came before a failure is kept.
          if (together.length > 0) await settle(together);
        }
      } else {
        await settle([...(await answers)]);
      }
    } finally {
      controllers.delete(controller);
    }
    if (open.size > 0) {
      throw new CmoError("agent_failed", `A batch of ${kind} ended with ${open.size} items unanswered.`);
    }

    async function settle(answers: readonly TaskAnswer<R>[]): Promise<void> {
      const settled = answers.map((answer) => {
        const slot = open.get(answer.id);
        if (slot === undefined)
          throw new CmoError(
            "agent_failed",
            `A batch of ${kind} answered an item twice, or one it was not asked.`,
          );
        open.delete(answer.id);
        return { slot, answer };
      });
      await keep(settled, false);
      bell.ring();
    }
  }
}

function nondeterministic(kind: string, itemId: string): CmoError {
  return new CmoError("nondeterministic_task", `The ${kind} task ${itemId} was stored with another input.`, {
    hint: "The agent asked differently than before the interruption. Run the campaign again as a new job.",
  });
}

/** @throws CmoError `store_corrupt`. What the text says is in no message: it may be of somebody. */
function readResult(kind: string, text: string): unknown {
  const value = parseStored(text);
  if (value !== undefined) return value;
  throw new CmoError("store_corrupt", `A stored result of ${kind} cannot be read.`, {
    hint: "Restore the store from a backup, or run the campaign again.",
  });
}
