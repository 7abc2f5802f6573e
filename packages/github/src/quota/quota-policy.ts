import { heldUntilMs, noteReading, pauseBucket, remainingAt, spend } from "./quota-bucket.ts";
import type { QuotaReading, QuotaResource, QuotaSlot, QuotaState } from "./quota-state.ts";

/** The next state, and what came of it. */
export interface QuotaStep<T> {
  readonly state: QuotaState;
  readonly outcome: T;
}

/** A request that wants to start. */
export type QuotaRequest = Omit<QuotaSlot, "id" | "untilMs"> & {
  /** The number that it got when it asked before; null when it asks for the first time. */
  readonly id: number | null;
};

/** Which limit holds requests back. */
export type LimitReason = "primary_limit" | "secondary_limit";

/** Whether a request may start now. */
export type Admission =
  | { readonly kind: "granted"; readonly id: number; readonly untilMs: number }
  /** Not before this instant. It has no place among those who wait. */
  | { readonly kind: "limited"; readonly untilMs: number; readonly reason: LimitReason }
  /**
   * Others run, or come first, or may use up what remains: it keeps its place if it asks again in time. `ahead` is how
   * many came before it, `laneHeld` how many of its lane run.
   */
  | { readonly kind: "busy"; readonly id: number; readonly ahead: number; readonly laneHeld: number };

/** How a request ended, as far as it concerns the quota. */
export interface QuotaReport {
  readonly startedAtMs: number;
  readonly ended: "answered" | "failed" | "primary_limit" | "secondary_limit";
  /** What a limit asked to wait; null without it. */
  readonly retryAfterMs: number | null;
  /** What the answer said of its bucket. `clockOffsetMs` is the local clock minus GitHub's. */
  readonly quota: { readonly reading: QuotaReading; readonly clockOffsetMs: number } | null;
}

/** What a report changed. */
export interface QuotaNews {
  /** The reading when what remains has changed by it; null when it is stale or known. */
  readonly reading: QuotaReading | null;
  /** How long a request of the same bucket is held back from now on. */
  readonly waitMs: number;
}

/** A number of its own for somebody who will send requests. */
export function openLane(state: QuotaState): QuotaStep<number> {
  const counter = state.counter + 1;
  return { state: { ...state, counter }, outcome: counter };
}

/**
 * A request asks to start. No more run at once than the largest `cap` of those who run or wait, nor of its own lane
 * than its `cap`; nothing starts while a limit lasts; what is under way holds the points that it may cost, so that the
 * last ones are not spent twice. Places are given in the order of asking. A slot lasts `holdMs`, a place `placeMs`
 * after it was last asked for: what a dead process has is free after that.
 */
export function enter(
  state: QuotaState,
  request: QuotaRequest,
  now: number,
  terms: { readonly holdMs: number; readonly placeMs: number },
): QuotaStep<Admission> {
  const living = withoutDead(state, now);
  const limit = limitOf(living, request.resource, now);
  if (limit !== null) {
    return { state: withoutSlot(living, request.id), outcome: { kind: "limited", ...limit } };
  }
  const place = living.waiting.findIndex((one) => one.id === request.id);
  const ahead = place < 0 ? living.waiting : living.waiting.slice(0, place);
  const id = request.id ?? living.counter + 1;
  const counter = Math.max(living.counter, id);
  if (mayStart(living, ahead, request, now)) {
    const slot = { ...request, id, untilMs: now + terms.holdMs };
    const { waiting } = withoutSlot(living, id);
    return {
      state: { ...living, counter, waiting, held: [...living.held, slot] },
      outcome: { kind: "granted", id, untilMs: slot.untilMs },
    };
  }
  // Not renewed each time, so that asking again changes nothing as a rule, and costs a store no write.
  const keptUntilMs = living.waiting[place]?.untilMs ?? 0;
  const isFresh = keptUntilMs - now > terms.placeMs / 2;
  const waiter = { ...request, id, untilMs: isFresh ? keptUntilMs : now + terms.placeMs };
  const behind = place < 0 ? [] : living.waiting.slice(place + 1);
  return {
    state: { ...living, counter, waiting: [...ahead, waiter, ...behind] },
    outcome: { kind: "busy", id, ahead: ahead.length, laneHeld: heldBy(living.held, request.lane) },
  };
}

/** A request has ended. Also heard when its slot had been given up for dead. */
export function leave(
  state: QuotaState,
  slot: Pick<QuotaSlot, "id" | "cap" | "resource">,
  report: QuotaReport,
  now: number,
): QuotaStep<QuotaNews> {
  const { bucket, isNews } = noteReading(state.buckets[slot.resource], report, now);
  const paused = report.ended === "primary_limit" ? pauseBucket(bucket, report, now) : bucket;
  const next = {
    ...withoutSlot(state, slot.id),
    buckets: { ...state.buckets, [slot.resource]: paused },
    ...afterAnswer(state, slot.cap, report, now),
  };
  const limit = limitOf(next, slot.resource, now);
  return {
    state: next,
    outcome: {
      reading: isNews ? bucket.reading : null,
      waitMs: limit === null ? 0 : limit.untilMs - now,
    },
  };
}

/** A request is no longer wanted, or was granted and did not start. */
export function withdraw(state: QuotaState, id: number): QuotaStep<null> {
  return { state: withoutSlot(state, id), outcome: null };
}

const secondaryWaitMs = 60_000;
const answersToRecover = 10;

function mayStart(
  state: QuotaState,
  ahead: readonly QuotaSlot[],
  request: QuotaRequest,
  now: number,
): boolean {
  const largest = largestCap(state, request.cap);
  const allowed = Math.min(state.throttle?.allowed ?? largest, largest);
  const started: Omit<QuotaRequest, "id">[] = [...state.held];
  /** Buckets of which somebody ahead waits for the last points. */
  const closed = new Set<QuotaResource>();
  const fits = (one: Omit<QuotaRequest, "id">): boolean => {
    if (started.length >= allowed || heldBy(started, one.lane) >= one.cap) return false;
    if (closed.has(one.resource)) return false;
    const together = started.filter((other) => other.resource === one.resource);
    const reserved = together.reduce((sum, other) => sum + other.cost, 0);
    // GitHub answers the last request even when it costs more than is left.
    if (together.length === 0 || remainingAt(state.buckets[one.resource], now) - reserved >= one.cost)
      return true;
    closed.add(one.resource);
    return false;
  };
  // Whoever came before and could start takes its place first, whether it has noticed yet or not.
  for (const one of ahead) if (limitOf(state, one.resource, now) === null && fits(one)) started.push(one);
  return fits(request);
}

function largestCap(state: QuotaState, cap: number): number {
  return Math.max(cap, ...state.held.map((one) => one.cap), ...state.waiting.map((one) => one.cap));
}

function heldBy(slots: readonly { readonly lane: number }[], lane: number): number {
  return slots.filter((one) => one.lane === lane).length;
}

function limitOf(
  state: QuotaState,
  resource: QuotaResource,
  now: number,
): { readonly untilMs: number; readonly reason: LimitReason } | null {
  const primaryUntilMs = heldUntilMs(state.buckets[resource]);
  const untilMs = Math.max(primaryUntilMs, state.secondary.untilMs);
  if (now >= untilMs) return null;
  return { untilMs, reason: primaryUntilMs === untilMs ? "primary_limit" : "secondary_limit" };
}

function afterAnswer(
  state: QuotaState,
  cap: number,
  { ended, startedAtMs, retryAfterMs }: QuotaReport,
  now: number,
): Pick<QuotaState, "secondary" | "throttle"> {
  const { secondary, throttle } = state;
  if (ended === "answered") {
    return {
      secondary: now >= secondary.untilMs ? { ...secondary, hits: 0 } : secondary,
      throttle: throttle === null ? null : recover(throttle),
    };
  }
  if (ended !== "secondary_limit") return { secondary, throttle };
  // Requests that were under way together meet the same limit once.
  const isAnother = startedAtMs >= secondary.untilMs;
  const hits = Math.max(1, secondary.hits + (isAnother ? 1 : 0));
  const waitMs = retryAfterMs ?? secondaryWaitMs * 2 ** Math.min(hits - 1, 10);
  return {
    secondary: { untilMs: Math.max(secondary.untilMs, now + waitMs), hits },
    throttle: isAnother ? halve(throttle, largestCap(state, cap)) : throttle,
  };
}

function halve(throttle: QuotaState["throttle"], largest: number): QuotaState["throttle"] {
  const { allowed, full } = throttle ?? { allowed: largest, full: largest };
  return full === 1 ? null : { allowed: Math.max(1, Math.floor(allowed / 2)), full, answersInARow: 0 };
}

function recover(throttle: NonNullable<QuotaState["throttle"]>): QuotaState["throttle"] {
  const answersInARow = throttle.answersInARow + 1;
  if (answersInARow < answersToRecover) return { ...throttle, answersInARow };
  const allowed = throttle.allowed + 1;
  return allowed >= throttle.full ? null : { ...throttle, allowed, answersInARow: 0 };
}

/** Takes out what dead processes have. What their requests may have cost counts as spent. */
function withoutDead(state: QuotaState, now: number): QuotaState {
  const isAlive = (one: QuotaSlot) => one.untilMs > now;
  const dead = state.held.filter((one) => !isAlive(one));
  const spentBy = (resource: QuotaResource) =>
    dead.reduce((sum, one) => sum + (one.resource === resource ? one.cost : 0), 0);
  const { graphql, core } = state.buckets;
  return {
    ...state,
    held: state.held.filter(isAlive),
    waiting: state.waiting.filter(isAlive),
    buckets: { graphql: spend(graphql, spentBy("graphql"), now), core: spend(core, spentBy("core"), now) },
  };
}

function withoutSlot(state: QuotaState, id: number | null): QuotaState {
  const isOther = (one: QuotaSlot) => one.id !== id;
  return { ...state, held: state.held.filter(isOther), waiting: state.waiting.filter(isOther) };
}
