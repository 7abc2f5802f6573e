import { type Clock, CmoError, type SourceCall } from "@cmo/engine";
import type { QuotaBoard } from "../quota/quota-board.ts";
import {
  type Admission,
  enter,
  type LimitReason,
  leave,
  openLane,
  type QuotaNews,
  type QuotaReport,
  withdraw,
} from "../quota/quota-policy.ts";
import type { QuotaResource } from "../quota/quota-state.ts";
import { throwIfCancelled } from "./cancelled.ts";

/** Requests that belong together: no more than `cap` of them run at once. */
export interface Lane {
  readonly cap: number;
}

/** A request that may start, until it says how it ended. */
export interface Pass {
  readonly startedAtMs: number;
  /**
   * The head of the answer looks like a limit, and its body has yet to be read: nothing starts in this process until
   * the request has left.
   */
  suspectLimit(): void;
  /** The request has ended; whoever starts afterwards knows of what it reports. */
  leave(report: Omit<QuotaReport, "startedAtMs">): Promise<QuotaNews>;
}

/** Where every request of a token passes: there is a slot for it, and the quota lets it start. */
export interface Gate {
  /**
   * Waits until a request may start, and says so with `quota.waiting` when it waits for the quota or for other jobs. The
   * request has to start before anything else is awaited. Rejects with a `CmoError` `cancelled`, or `rate_limited` when
   * GitHub asks for a wait of more than two hours.
   */
  enter(resource: QuotaResource, cost: number, lane: Lane, call: SourceCall): Promise<Pass>;
}

/** A gate in front of one token's requests. Every process that sends any has one, over the same board. */
export function createGate(options: {
  clock: Clock;
  board: QuotaBoard;
  /** No request takes longer than this from its start to its end. */
  requestMs: number;
}): Gate {
  const { clock, board } = options;
  const laneNumbers = new WeakMap<Lane, Promise<number>>();
  const told = new WeakMap<SourceCall, { resource: QuotaResource; untilMs: number }>();
  const terms = board.isShared
    ? { holdMs: options.requestMs + deathMarginMs, placeMs }
    : { holdMs: Number.MAX_SAFE_INTEGER, placeMs: Number.MAX_SAFE_INTEGER };
  /** Answers of this process that look like a limit and are not on the board yet. */
  let suspicions = 0;
  /** How often something happened that those who wait want to know of. */
  let rings = 0;
  const sleepers = new Set<() => void>();

  function ring(): void {
    rings += 1;
    for (const wake of [...sleepers]) wake();
  }

  /** Resolves when there is a ring after the `seen`-th, after so long (null: never), or when the signal aborts. */
  async function untilRing(seen: number, atMostMs: number | null, signal: AbortSignal): Promise<void> {
    if (signal.aborted || rings !== seen) return;
    const woken = new AbortController();
    const wake = () => woken.abort();
    signal.addEventListener("abort", wake);
    sleepers.add(wake);
    if (atMostMs !== null) await clock.sleep(atMostMs, woken.signal);
    else await new Promise((resolve) => woken.signal.addEventListener("abort", resolve));
    sleepers.delete(wake);
    signal.removeEventListener("abort", wake);
  }

  /** The number that the board knows a lane by; its requests may come at once, and it gets one. */
  function numberOf(lane: Lane): Promise<number> {
    const known = laneNumbers.get(lane);
    if (known !== undefined) return known;
    const opening = board.update(openLane);
    laneNumbers.set(lane, opening);
    opening.catch(() => laneNumbers.delete(lane));
    return opening;
  }

  async function ask(request: Parameters<typeof enter>[1]): Promise<Admission & { atMs: number }> {
    return board.update((state, now) => {
      const step = enter(state, request, now, terms);
      return { state: step.state, outcome: { ...step.outcome, atMs: now } };
    });
  }

  async function giveBack(id: number): Promise<void> {
    await board.update((state) => withdraw(state, id));
    ring();
  }

  function tell(resource: QuotaResource, untilMs: number, reason: WaitReason, call: SourceCall): void {
    const last = told.get(call);
    // The same instant looks a little different each time when the board has a clock of its own.
    if (last?.resource === resource && Math.abs(last.untilMs - untilMs) < patienceMs) return;
    told.set(call, { resource, untilMs });
    const until = new Date(untilMs).toISOString();
    call.emit({ type: "quota.waiting", data: { resource, until, reason } });
  }

  function passOf(id: number, lane: Lane, resource: QuotaResource): Pass {
    const startedAtMs = clock.now();
    let isSuspect = false;
    return {
      startedAtMs,
      suspectLimit() {
        if (!isSuspect) suspicions += 1;
        isSuspect = true;
      },
      async leave(report) {
        try {
          const slot = { id, cap: lane.cap, resource };
          return await board.update((state, now) => leave(state, slot, { ...report, startedAtMs }, now));
        } finally {
          // Only now: what is on the board holds everybody back.
          if (isSuspect) suspicions -= 1;
          isSuspect = false;
          ring();
        }
      },
    };
  }

  return {
    async enter(resource, cost, lane, call) {
      throwIfCancelled(call.signal);
      const request = { lane: await numberOf(lane), cap: lane.cap, resource, cost };
      const beganAtMs = clock.now();
      let place: number | null = null;
      let tellAtMs = beganAtMs + patienceMs;
      try {
        for (;;) {
          throwIfCancelled(call.signal);
          const seen = rings;
          if (suspicions > 0) {
            await untilRing(seen, null, call.signal);
            continue;
          }
          const askedAtMs = clock.now();
          const admission = await ask({ ...request, id: place });
          const nowMs = clock.now();
          switch (admission.kind) {
            case "granted": {
              const { id, untilMs, atMs } = admission;
              // A limit may have been met, or the process may have been frozen, while the board was asked.
              const isLate = nowMs - askedAtMs >= untilMs - atMs;
              place = null;
              if (!call.signal.aborted && suspicions === 0 && !isLate) return passOf(id, lane, resource);
              await giveBack(id);
              break;
            }
            case "limited": {
              const waitMs = admission.untilMs - admission.atMs;
              if (waitMs > longestWaitMs) throw tooLong(resource, nowMs + waitMs, waitMs);
              // Its place, if it had one, is free for those behind it.
              if (place !== null) ring();
              place = null;
              tell(resource, nowMs + waitMs, admission.reason, call);
              await clock.sleep(Math.min(waitMs, longestSleepMs), call.signal);
              break;
            }
            case "busy":
              place = admission.id;
              if (nowMs >= tellAtMs && admission.laneHeld === 0) {
                // As long again as it has waited; how long it will be nobody knows.
                tellAtMs = nowMs + (nowMs - beganAtMs);
                tell(resource, tellAtMs, "other_jobs", call);
              }
              await untilRing(seen, board.isShared ? pollMs(admission.ahead) : null, call.signal);
              break;
            default:
              admission satisfies never;
          }
        }
      } finally {
        // Where the board cannot be reached, the place is free after a while all the same.
        if (place !== null) await giveBack(place).catch(() => {});
      }
    },
  };
}

type WaitReason = LimitReason | "other_jobs";

const longestWaitMs = 2 * 3_600_000;
/** A timer may be late by as long as a machine slept: the time is looked at again now and then. */
const longestSleepMs = 60_000;
/** Added to what a request may take at most, before its process counts as dead. */
const deathMarginMs = 5_000;
/** How long a place is kept for a process that does not ask again. */
const placeMs = 2_000;
/** Waiting for other jobs is worth a word after this. */
const patienceMs = 1_000;

/** Whoever is next looks often; those behind have time. */
function pollMs(ahead: number): number {
  return Math.min(250, 25 * (ahead + 1));
}

function tooLong(resource: QuotaResource, untilMs: number, retryAfterMs: number): CmoError {
  const until = new Date(untilMs).toISOString();
  return new CmoError("rate_limited", `GitHub answers no more ${resource} requests until ${until}.`, {
    hint: "Try again after that time.",
    retryAfterMs,
  });
}
