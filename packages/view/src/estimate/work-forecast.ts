import type { Progress, ProgressStage } from "@cmo/engine";
import type { EstimateGrounds, StageGrounds } from "./estimate-grounds.ts";
import { expectedItems } from "./expected-items.ts";
import type { RunPace } from "./run-pace.ts";

/** How much work of a run is left. */
export interface WorkForecast {
  /** At the run's own pace, in milliseconds. */
  readonly leftMs: number;
  /** The whole run at the pace of earlier ones, in milliseconds. */
  readonly wholeMs: number;
  /** Points of the quota that it will spend, and requests that it will make. */
  readonly pointsLeft: number;
  readonly requestsLeft: number;
  /** How long an answer of the source takes, in milliseconds. */
  readonly answerMs: number;
}

/** After this share of the work, a run's own pace counts as much as what its answers say of it. */
const evenShare = 0.03;
/** After so many answers, they count as much as those of earlier runs. */
const evenAnswers = 0.5;
/** Time for which nothing was shown yet may have done at most this much of what is being worked on. */
const mostOpenShare = 0.7;
/** What is left of a stage takes at least this much of an answer, however few items it is. */
const leastAnswer = 0.5;
/** Where nobody knows how long an answer takes, in milliseconds. */
const unknownAnswerMs = 1_000;

/** Work that is left, at the pace of earlier runs, and the part of it that may be under way. */
interface Part {
  readonly asks: boolean;
  readonly leftMs: number;
  readonly activeMs: number;
}

/**
 * What is left of a run: for each stage the items that are left times what an item took in earlier runs, times how much
 * slower this run is. `silentMs` is for how long nothing was heard of it.
 */
export function forecastWork(
  pace: RunPace,
  progress: Progress,
  grounds: EstimateGrounds,
  silentMs = 0,
): WorkForecast {
  const items = expectedItems(pace, progress, grounds);
  const setup: Part[] =
    pace.setupMs === null ? [{ asks: true, leftMs: grounds.setupMs, activeMs: grounds.setupMs }] : [];
  const parts = [...setup];
  let doneMs = pace.setupMs === null ? 0 : grounds.setupMs;
  let askedMs = doneMs;
  let ownAskedMs = pace.setupMs ?? 0;
  for (const [index, stage] of progress.stages.entries()) {
    const ground = grounds.stages[index];
    if (ground === undefined) continue;
    const perItem = workPerItem(ground, items[index] ?? 0, items[index - 1] ?? null);
    doneMs += stage.itemsProcessed * perItem;
    if (ground.asks) {
      askedMs += stage.itemsProcessed * perItem;
      ownAskedMs += pace.stageMs[stage.id] ?? 0;
    }
    const part = partOf(stage, ground.asks, items[index] ?? 0, perItem);
    if (part !== null) parts.push(part);
  }
  const wholeMs = doneMs + sumOf(parts, ({ leftMs }) => leftMs);
  const answerMs = expectedAnswerMs(pace, grounds, silentMs);
  const slowness = slownessOf({ doneMs, wholeMs, askedMs, ownAskedMs, answerMs, grounds });
  const least = leastAnswer * answerMs;
  const leftMs = sumOf(parts, (part) => (part.asks ? Math.max(least, part.leftMs * slowness) : part.leftMs));
  const activeMs = sumOf(parts, (part) => part.activeMs * (part.asks ? slowness : 1));
  return {
    leftMs: Math.max(0, leftMs - Math.min(pace.openMs, activeMs * mostOpenShare)),
    wholeMs,
    pointsLeft: amountFor(wholeMs - doneMs, doneMs, { perMs: grounds.pointsPerMs, own: pace.points }),
    requestsLeft: amountFor(wholeMs - doneMs, doneMs, { perMs: grounds.requestsPerMs, own: pace.requests }),
    answerMs,
  };
}

/** A stage that asks nobody has as much to do as it is given, in however few items it counts that. */
function workPerItem({ asks, msPerItem, msPerFed }: StageGrounds, items: number, fed: number | null): number {
  return asks || fed === null || items === 0 ? msPerItem : (msPerFed * fed) / items;
}

function partOf(
  { state, itemsProcessed, itemsTotal }: ProgressStage,
  asks: boolean,
  expected: number,
  perItem: number,
): Part | null {
  const left = expected - itemsProcessed;
  if (left < 0.5) return null;
  const known = state === "active" ? Math.max(0, (itemsTotal ?? 0) - itemsProcessed) : 0;
  return { asks, leftMs: left * perItem, activeMs: Math.min(left, known) * perItem };
}

/** How many times longer this run takes for what earlier runs did: by its own work, and until then by its answers. */
function slownessOf(told: {
  readonly doneMs: number;
  readonly wholeMs: number;
  readonly askedMs: number;
  readonly ownAskedMs: number;
  readonly answerMs: number;
  readonly grounds: EstimateGrounds;
}): number {
  const { doneMs, wholeMs, askedMs, ownAskedMs, answerMs, grounds } = told;
  const byAnswers = Math.log(answerMs / usualAnswerMs(grounds));
  if (askedMs <= 0 || ownAskedMs <= 0) return Math.exp(byAnswers);
  const share = doneMs / wholeMs;
  const trust = share / (share + evenShare);
  return Math.exp(trust * Math.log(ownAskedMs / askedMs) + (1 - trust) * byAnswers);
}

/** An answer that is awaited for longer than others took counts as one that took so long. */
function expectedAnswerMs(
  { answers, answerMs }: RunPace,
  grounds: EstimateGrounds,
  silentMs: number,
): number {
  const usual = usualAnswerMs(grounds);
  const isLate = silentMs > (answers === 0 ? usual : answerMs / answers);
  const count = answers + (isLate ? 1 : 0);
  const together = answerMs + (isLate ? silentMs : 0);
  if (count === 0 || together <= 0) return usual;
  const trust = count / (count + evenAnswers);
  return usual * Math.exp(trust * Math.log(together / count / usual));
}

function usualAnswerMs({ answerMs }: EstimateGrounds): number {
  return answerMs === null || answerMs <= 0 ? unknownAnswerMs : answerMs;
}

/** What the work that is left will take of something, at the rate of earlier runs and more and more at the run's own. */
function amountFor(
  leftMs: number,
  doneMs: number,
  { perMs, own }: { readonly perMs: number; readonly own: number },
): number {
  const usual = leftMs * perMs;
  const spent = doneMs * perMs;
  return spent > 0 ? usual * ((own + 1) / (spent + 1)) : usual;
}

function sumOf(parts: readonly Part[], of: (part: Part) => number): number {
  return parts.reduce((sum, part) => sum + of(part), 0);
}
