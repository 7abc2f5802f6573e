import { CmoError } from "../error/cmo-error.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import type { RunBatch, TaskItem, TaskOptions, TaskOutcome } from "../port/agent.ts";
import { type Digest, digestText } from "../port/digest.ts";
import type { SourceCall } from "../port/source.ts";
import type { TaskResult } from "../port/store.ts";
import { createBell } from "./bell.ts";

/** What durable tasks need of the run that they belong to. */
export interface TaskHost {
  readonly digest: Digest;
  /** Only stored results are given; nothing is run. */
  readonly storedOnly: boolean;
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
  readStored(kind: string, itemIds: readonly string[]): Promise<ReadonlyMap<string, TaskResult>>;
  /** Stores results together with the events gathered so far. */
  store(results: readonly TaskResult[]): Promise<void>;
  /** A call for one batch, with this signal. */
  openCall(signal: AbortSignal): SourceCall;
}

/** How many items are looked up at once, and how many results may wait for the consumer. */
const windowSize = 1_000;

interface Slot<I> {
  readonly item: TaskItem<I>;
  readonly inputDigest: string;
  /** JSON text of the result; undefined until there is one. */
  text: string | undefined;
}

/** See `AgentContext.tasks`. */
export async function* runTasks<I, R>(
  host: TaskHost,
  kind: string,
  items: Iterable<TaskItem<I>> | AsyncIterable<TaskItem<I>>,
  runBatch: RunBatch<I, R>,
  { batchSize = () => 100, concurrency = 4, signal }: TaskOptions = {},
): AsyncGenerator<TaskOutcome<I, R>, void, undefined> {
  const bell = createBell();
  /** One for each batch that runs: a signal that all batches listened to would have as many listeners as batches. */
  const controllers = new Set<AbortController>();
  const abortBatches = (reason: unknown) => {
    for (const controller of controllers) controller.abort(reason);
  };
  const slots: Slot<I>[] = [];
  let waiting: Slot<I>[] = [];
  const running = new Set<Promise<void>>();
  const upstream = openUpstream(items, bell.ring);
  let failure: { error: unknown } | null = null;
  const seen = new Set<string>();
  const stop = () => {
    failure ??= { error: new CmoError("cancelled", `The ${kind} tasks are no longer wanted.`) };
    abortBatches(failure.error);
    bell.ring();
  };
  const stopping = signal === undefined ? [host.signal] : [host.signal, signal];
  for (const one of stopping) {
    one.addEventListener("abort", stop);
    if (one.aborted) stop();
  }

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
        yield { id: head.item.id, input: head.item.input, value: JSON.parse(head.text) as R };
      } else if (head === undefined && upstream.ended()) {
        return;
      } else if (arrived.length === 0) {
        await news;
      }
    }
  } finally {
    for (const one of stopping) one.removeEventListener("abort", stop);
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
    for (const item of arrived) {
      if (seen.has(item.id))
        throw new CmoError("agent_failed", `The ${kind} task ${item.id} was given twice.`);
      seen.add(item.id);
      const inputDigest = digestText(host.digest, canonicalJson(item.input));
      const result = stored.get(item.id);
      if (result !== undefined && result.inputDigest !== inputDigest) throw nondeterministic(kind, item.id);
      if (result === undefined && host.storedOnly) continue;
      const slot: Slot<I> = { item, inputDigest, text: result?.value };
      slots.push(slot);
      if (result === undefined) waiting.push(slot);
    }
  }

  function startBatches(): void {
    while (failure === null && running.size < concurrency && waiting.length > 0) {
      const size = Math.max(1, Math.floor(batchSize()) || 1);
      const full = waiting.length >= size || upstream.ended() || slots.length >= windowSize;
      if (!full) return;
      const batch = waiting.slice(0, size);
      waiting = waiting.slice(size);
      const work: Promise<void> = run(batch).then(
        () => finish(work),
        (error) => {
          failure ??= { error };
          finish(work);
        },
      );
      running.add(work);
    }
  }

  function finish(work: Promise<void>): void {
    running.delete(work);
    bell.ring();
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
        for await (const answer of answers) await settle([answer]);
      } else {
        await settle([...(await answers)]);
      }
    } finally {
      controllers.delete(controller);
    }
    if (open.size > 0) {
      throw new CmoError("agent_failed", `A batch of ${kind} ended with ${open.size} items unanswered.`);
    }

    async function settle(answered: readonly { id: string; value: R }[]): Promise<void> {
      const results: TaskResult[] = [];
      const settled: [Slot<I>, string][] = [];
      for (const { id, value } of answered) {
        const slot = open.get(id);
        if (slot === undefined)
          throw new CmoError(
            "agent_failed",
            `A batch of ${kind} answered an item twice, or one it was not asked.`,
          );
        open.delete(id);
        const text = JSON.stringify(value) ?? "null";
        results.push({ kind, itemId: id, inputDigest: slot.inputDigest, value: text });
        settled.push([slot, text]);
      }
      await host.store(results);
      for (const [slot, text] of settled) slot.text = text;
      bell.ring();
    }
  }
}

function nondeterministic(kind: string, itemId: string): CmoError {
  return new CmoError("nondeterministic_task", `The ${kind} task ${itemId} was stored with another input.`, {
    hint: "The agent asked differently than before the interruption. Run the campaign again as a new job.",
  });
}

/** Pulls items as they come: all at once from a list, one after the other from an asynchronous source. */
function openUpstream<T>(items: Iterable<T> | AsyncIterable<T>, ring: () => void) {
  let ended = false;
  if (Symbol.iterator in items) {
    const iterator = items[Symbol.iterator]();
    return {
      take(limit: number): T[] {
        const taken: T[] = [];
        while (!ended && taken.length < limit) {
          const next = iterator.next();
          if (next.done) ended = true;
          else taken.push(next.value);
        }
        return taken;
      },
      ended: () => ended,
      async close() {
        if (!ended) iterator.return?.();
      },
    };
  }
  const iterator = items[Symbol.asyncIterator]();
  let ready: T[] = [];
  let failure: { error: unknown } | null = null;
  let pulling: Promise<void> | null = null;
  return {
    take(limit: number): T[] {
      if (failure !== null) throw failure.error;
      const taken = ready.splice(0, limit);
      if (!ended && pulling === null && ready.length < limit) {
        pulling = iterator.next().then(
          (next) => {
            pulling = null;
            if (next.done) ended = true;
            else ready = [...ready, next.value];
            ring();
          },
          (error) => {
            pulling = null;
            failure = { error };
            ring();
          },
        );
      }
      return taken;
    },
    ended: () => ended && ready.length === 0,
    async close() {
      await pulling;
      if (!ended) await iterator.return?.();
    },
  };
}
