import { CmoError } from "@cmo/engine";

/** Carries out what is asked for, what is asked for at the same time together. */
export interface WriteQueue<Request, Answer> {
  ask(request: Request): Promise<Answer>;
}

/** What became of one request. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly error: unknown };

/** A request that somebody elsewhere is in the way of: it has to wait, and nobody with it. */
export const inTheWay = { isInTheWay: true } as const;

/** What {@link createWriteQueue} needs. */
export interface WriteQueueOptions<Request, Answer> {
  /** How many batches may be on their way at once. */
  readonly lanes: number;
  /** How many requests a batch has at most. */
  readonly most: number;
  /** Of two requests with the same key, the second goes when the first is done. Null: it may go with any. */
  keyOf(request: Request): string | null;
  /** Carries out a batch: an outcome for each of its requests, in their order; or throws, and nothing is done. */
  carryOut(batch: readonly Request[]): Promise<readonly (Outcome<Answer> | typeof inTheWay)[]>;
  /** Carries out one request, and waits for whoever is in its way. */
  carryOutAlone(request: Request): Promise<Outcome<Answer>>;
}

/**
 * A {@link WriteQueue}. A request goes at once while there is a free lane, with those of the same turn of the event loop;
 * those that come meanwhile go together when there is one again. So nobody waits for company, and the more there is to do, the more is done with each wait for the disk
 * (what databases call group commit). A batch that fails for a reason that may lie in one of its requests is done again
 * one by one, so that only that one fails.
 */
export function createWriteQueue<Request, Answer>({
  lanes,
  most,
  keyOf,
  carryOut,
  carryOutAlone,
}: WriteQueueOptions<Request, Answer>): WriteQueue<Request, Answer> {
  interface Waiting {
    readonly request: Request;
    settle(outcome: Outcome<Answer>): void;
  }
  let waiting: Waiting[] = [];
  const busyKeys = new Set<string>();
  let busyLanes = 0;
  let isStarting = false;

  function startSoon(): void {
    if (isStarting || busyLanes >= lanes) return;
    isStarting = true;
    setImmediate(() => {
      isStarting = false;
      start();
    });
  }

  function start(): void {
    while (busyLanes < lanes && waiting.length > 0) {
      const batch = nextBatch();
      if (batch.length === 0) return;
      busyLanes += 1;
      void work(batch).then((left) => {
        busyLanes -= 1;
        for (const one of left) void workAlone(one);
        startSoon();
      });
    }
  }

  function nextBatch(): readonly Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    for (const one of waiting) {
      const key = keyOf(one.request);
      if (batch.length === most || (key !== null && busyKeys.has(key))) left.push(one);
      else {
        if (key !== null) busyKeys.add(key);
        batch.push(one);
      }
    }
    waiting = left;
    return batch;
  }

  /** Gives those that have to wait. */
  async function work(batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    try {
      const outcomes = await carryOut(batch.map(({ request }) => request));
      return batch.filter((one, place) => {
        const outcome = outcomes[place] ?? inTheWay;
        if ("isInTheWay" in outcome) return true;
        end(one, outcome);
        return false;
      });
    } catch (error) {
      if (batch.length > 1 && !isOfAll(error)) return batch;
      for (const one of batch) end(one, { error });
      return [];
    }
  }

  async function workAlone(one: Waiting): Promise<void> {
    const outcome = await carryOutAlone(one.request).catch((error: unknown) => ({ error }));
    end(one, outcome);
    startSoon();
  }

  function end({ request, settle }: Waiting, outcome: Outcome<Answer>): void {
    const key = keyOf(request);
    if (key !== null) busyKeys.delete(key);
    settle(outcome);
  }

  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        const settle = (outcome: Outcome<Answer>) => {
          if ("error" in outcome) reject(outcome.error);
          else resolve(outcome.answer);
        };
        waiting.push({ request, settle });
        startSoon();
      }),
  };
}

/** Whether something is wrong with the store, and not with what one of the requests wants. */
function isOfAll(error: unknown): boolean {
  return error instanceof CmoError && error.code === "store_unavailable";
}
