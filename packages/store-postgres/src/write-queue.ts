/** Carries out what is asked for, what is asked for at the same time together. */
export interface WriteQueue<Request, Answer> {
  ask(request: Request): Promise<Answer>;
  /** Resolves when there is nothing more to do. */
  idle(): Promise<void>;
}

/** What became of one request. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly error: unknown };

/** A request that somebody elsewhere is in the way of: it has to wait, and nobody with it. */
export const inTheWay = { isInTheWay: true } as const;

/** A request for which there was no room in its batch: it goes with the next. Never all of a batch. */
export const noRoom = { isLeft: true } as const;

/** What {@link createWriteQueue} needs. */
export interface WriteQueueOptions<Request, Answer> {
  /** How many batches may be on their way at once. */
  readonly lanes: number;
  /** How many requests a batch has at most. */
  readonly most: number;
  /** Of two requests with the same key, the second goes when the first is done. Null: it may go with any. */
  keyOf(request: Request): string | null;
  /** Carries out a batch: an outcome for each of its requests, in their order; or throws, and nothing is done. */
  carryOut(
    batch: readonly Request[],
  ): Promise<readonly (Outcome<Answer> | typeof inTheWay | typeof noRoom)[]>;
  /** Carries out one request, and waits for whoever is in its way. */
  carryOutAlone(request: Request): Promise<Outcome<Answer>>;
  /** Whether something failed for all who would ask now, and not for what one of the requests wants. */
  isOutage(error: unknown): boolean;
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
  isOutage,
}: WriteQueueOptions<Request, Answer>): WriteQueue<Request, Answer> {
  interface Waiting {
    readonly request: Request;
    settle(outcome: Outcome<Answer>): void;
  }
  let waiting: Waiting[] = [];
  const busyKeys = new Set<string>();
  let busyLanes = 0;
  let isStarting = false;
  /** Those that have to wait beside the lanes. They wait in a line too: each that waits has a connection. */
  const alone: Waiting[] = [];
  let busyAlone = 0;
  let whenIdle: (() => void)[] = [];

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
        alone.push(...left);
        startAlone();
        startSoon();
        tellIdle();
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
      const left: Waiting[] = [];
      const alone: Waiting[] = [];
      for (const [place, one] of batch.entries()) {
        const outcome = outcomes[place] ?? inTheWay;
        if ("isInTheWay" in outcome) alone.push(one);
        else if ("isLeft" in outcome) left.push(one);
        else end(one, outcome);
      }
      for (const one of left) free(one);
      waiting.unshift(...left);
      return alone;
    } catch (error) {
      if (batch.length > 1 && !isOutage(error)) return batch;
      for (const one of batch) end(one, { error });
      return [];
    }
  }

  function startAlone(): void {
    while (busyAlone < lanes) {
      const one = alone.shift();
      if (one === undefined) return;
      busyAlone += 1;
      void workAlone(one).then(() => {
        busyAlone -= 1;
        startAlone();
        startSoon();
        tellIdle();
      });
    }
  }

  async function workAlone(one: Waiting): Promise<void> {
    const outcome = await carryOutAlone(one.request).catch((error: unknown) => ({ error }));
    end(one, outcome);
  }

  function isIdle(): boolean {
    return waiting.length === 0 && alone.length === 0 && busyLanes === 0 && busyAlone === 0;
  }

  function tellIdle(): void {
    if (!isIdle()) return;
    for (const tell of whenIdle) tell();
    whenIdle = [];
  }

  function free({ request }: Waiting): void {
    const key = keyOf(request);
    if (key !== null) busyKeys.delete(key);
  }

  function end(one: Waiting, outcome: Outcome<Answer>): void {
    free(one);
    one.settle(outcome);
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
    idle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve))),
  };
}
