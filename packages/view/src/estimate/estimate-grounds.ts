import { quantile } from "./quantile.ts";
import type { RunTiming } from "./run-timing.ts";

/** What earlier runs say of a stage. */
export interface StageGrounds {
  readonly id: string;
  /** Whether the source is asked for it: then it goes as fast as the source answers, else as fast as the machine. */
  readonly asks: boolean;
  /** Work for one item, in milliseconds. */
  readonly msPerItem: number;
  /** Work for one item of the stage before, in milliseconds; 0 for the first stage. */
  readonly msPerFed: number;
  /** Items for one item of the stage before; for the first stage, items in all. */
  readonly items: number;
}

/** How far off earlier estimates were around a tenth of the way: logarithms of actual over estimated time left. */
export interface ErrorBand {
  /** How many runs tell. */
  readonly runs: number;
  readonly p50: number;
  readonly p90: number;
}

/** Everything that an estimate rests on beside the run's own log: what earlier runs of the same kind say. JSON. */
export interface EstimateGrounds {
  /** How many runs these are of; at least 1. */
  readonly runs: number;
  readonly setupMs: number;
  readonly stages: readonly StageGrounds[];
  /** How many qualified for one item of the first stage; null where nobody did. */
  readonly qualifiedPerItem: number | null;
  readonly pageItems: number;
  readonly pointsPerMs: number;
  readonly requestsPerMs: number;
  /** How long an answer of the source took; null where it gave none. */
  readonly answerMs: number | null;
  /** How many items the second stage takes at most; null for no bound. Of the run's own limits. */
  readonly mostItems: number | null;
  /** What ends the run before it is done; null for no bound. Of the run's own limits, too. */
  readonly mostRequests: number | null;
  readonly mostPoints: number | null;
  /** Counted from its begin, pauses and waits included. */
  readonly timeoutMs: number | null;
  readonly leastWorkMs: number;
  readonly mostWorkMs: number;
  /** By tenth of the way. */
  readonly errors: readonly ErrorBand[];
}

/** The limits of the run that grounds are for. */
export type RunBounds = Pick<EstimateGrounds, "mostItems" | "mostRequests" | "mostPoints" | "timeoutMs">;

/** What these runs, which have the same stages, say of another one with these limits; null when there are none. */
export function estimateGroundsOf(
  timings: readonly RunTiming[],
  bounds: Pick<RunBounds, "mostItems"> & Partial<RunBounds>,
): EstimateGrounds | null {
  const [first] = timings;
  if (first === undefined) return null;
  const sum = (of: (timing: RunTiming) => number) => timings.reduce((total, timing) => total + of(timing), 0);
  const itemsOf = (index: number) => sum(({ stages }) => stages[index]?.items ?? 0);
  const workOf = (index: number) => sum(({ stages }) => stages[index]?.workMs ?? 0);
  const qualified = sum((timing) => timing.qualified);
  const answers = timings.flatMap(({ answerMs }) => answerMs ?? []);
  const work = timings.map(({ workMs }) => workMs);
  return {
    runs: timings.length,
    setupMs: quantile(
      timings.map(({ setupMs }) => setupMs),
      0.5,
    ),
    stages: first.stages.map(({ id }, index) => ({
      id,
      asks: sum(({ stages }) => stages[index]?.answers ?? 0) > 0,
      msPerItem: perUnit(workOf(index), itemsOf(index)),
      msPerFed: index === 0 ? 0 : perUnit(workOf(index), itemsOf(index - 1)),
      items: perUnit(itemsOf(index), index === 0 ? timings.length : itemsOf(index - 1)),
    })),
    qualifiedPerItem: qualified === 0 || itemsOf(0) === 0 ? null : qualified / itemsOf(0),
    pageItems: quantile(
      timings.map(({ pageItems }) => pageItems),
      0.5,
    ),
    pointsPerMs: perUnit(
      sum(({ points }) => points),
      sum(({ workMs }) => workMs),
    ),
    requestsPerMs: perUnit(
      sum(({ stages }) => stages.reduce((count, stage) => count + stage.answers, 0)),
      sum(({ workMs }) => workMs),
    ),
    answerMs: answers.length === 0 ? null : quantile(answers, 0.5),
    mostRequests: null,
    mostPoints: null,
    timeoutMs: null,
    ...bounds,
    leastWorkMs: Math.min(...work),
    mostWorkMs: Math.max(...work),
    errors: Array.from({ length: tenths }, (_, tenth) => errorBandOf(timings, tenth)),
  };
}

/** The errors around this place of the way, 0 to 1. */
export function errorBandAt({ errors }: EstimateGrounds, share: number): ErrorBand {
  const tenth = Math.max(0, Math.min(tenths - 1, Math.floor(share * tenths)));
  return errors[tenth] ?? { runs: 0, p50: 0, p90: 0 };
}

/** The tenth of the way in which a share of it lies. */
const tenths = 10;

/** One tenth alone would hold too few errors: those beside it count too. */
function errorBandOf(timings: readonly RunTiming[], tenth: number): ErrorBand {
  const middle = (tenth + 0.5) / tenths;
  const near = timings.map(({ errors }) =>
    errors.filter(({ share }) => Math.abs(share - middle) <= 1.5 / tenths),
  );
  const ratios = near.flatMap((errors) => errors.map(({ logRatio }) => logRatio));
  return {
    runs: near.filter((errors) => errors.length > 0).length,
    p50: quantile(ratios, 0.5),
    p90: quantile(ratios, 0.9),
  };
}

function perUnit(amount: number, units: number): number {
  return units > 0 ? amount / units : 0;
}
