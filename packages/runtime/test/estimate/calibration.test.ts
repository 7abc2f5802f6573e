import { estimateGroundsOf, type RunEstimate } from "@cmo/view";
import { beforeAll, describe, expect, it } from "vitest";
import { type FollowedRun, followRun, learnFrom } from "./followed-run.ts";
import { mostRepositories, type SimulatedRun, simulateRun } from "./simulated-run.ts";

// Runs that are learnt from, and others: with answers that take 0.5 to 4 times as long, and 0.3 to 10 times as large. The
// constants of the estimate were fitted on other seeds than these (decision 19).
const usual = { latencyMs: 300, end: "target", size: 120 } as const;
const usualRepositories = 150;
const latencies = [0.5, 1, 2, 4];
const sizes = [0.3, 1, 3, 10];
const asked = [0.25, 0.5, 0.75];
/** `CMO_CALIBRATION=10 pnpm vitest run --project @cmo/runtime calibration`: so many of each, for minutes. */
const repeats = Number(process.env.CMO_CALIBRATION ?? 0);
const firstSeed = Number(process.env.CMO_CALIBRATION_SEED ?? 90_000);

/** An answer to the question when a run ends, and when it did. */
interface Ask extends SimulatedRun {
  readonly latency: number;
  readonly scale: number;
  /** How much of the run was over. */
  readonly share: number;
  /** The logarithm of actual over estimated time left. */
  readonly error: number;
  readonly isCovered: boolean;
  /** The ninth decile over the median. */
  readonly width: number;
}

const isEstimated = (estimate: RunEstimate | null) => estimate?.state === "estimated";

describe(`Estimates of runs unlike those they are learnt from (seeds from ${firstSeed})`, () => {
  const asks: Ask[] = [];
  const runs: FollowedRun[] = [];

  beforeAll(async () => {
    const learnt = [];
    for (let seed = 1; seed <= 10; seed += 1)
      learnt.push(await simulateRun({ ...usual, seed: firstSeed + seed }));
    const timings = learnFrom(learnt, mostRepositories(usual));
    let seed = firstSeed + 100;
    for (const end of ["target", "repositories"] as const) {
      for (const scale of sizes) {
        for (const latency of latencies) {
          for (let count = 0; count < countOf(scale, latency); count += 1) {
            seed += 1;
            const size = Math.round((end === "target" ? usual.size : usualRepositories) * scale);
            const run: SimulatedRun = { seed, end, size, latencyMs: usual.latencyMs * latency };
            const mostItems = mostRepositories(run);
            const followed = followRun(await simulateRun(run), estimateGroundsOf(timings, { mostItems }));
            runs.push(followed);
            asks.push(...asked.map((share) => ({ ...run, latency, scale, ...askAt(followed, share) })));
          }
        }
      }
    }
    console.info(tableOf(asks));
  }, 3_600_000);

  it("cover 85 to 95 of a hundred actual ends with their ninth decile", () => {
    const covered = asks.filter(({ isCovered }) => isCovered).length / asks.length;
    expect(covered).toBeGreaterThanOrEqual(0.85);
    expect(covered).toBeLessThanOrEqual(0.95);
  });

  it("are narrow enough to be of use, and near the actual end", () => {
    expect(median(asks.map(({ width }) => width))).toBeLessThan(2);
    expect(median(asks.map(({ error }) => Math.abs(error)))).toBeLessThan(Math.log(1.35));
  });

  it("have a share of time that never falls, and is at 99 % for no more than a twentieth of it", () => {
    for (const run of runs) {
      const shown = percents(run);
      expect(shown).toEqual([...shown].sort((a, b) => a - b));
      expect(shown.filter((percent) => percent >= 99).length / shown.length).toBeLessThanOrEqual(0.05);
      expect(Math.max(...shown)).toBeLessThan(100);
    }
  });
});

/** How many runs there are of a kind. Large ones take the most time: where that is short, there is one for each end. */
function countOf(scale: number, latency: number): number {
  if (repeats > 0) return repeats;
  return scale <= 3 || latency === 2 ? 1 : 0;
}

/** At a place of a run that has ended: what was said of its end, and how right that was. */
function askAt(run: FollowedRun, share: number): Pick<Ask, "share" | "error" | "isCovered" | "width"> {
  const now = run.startedAt + share * (run.endedAt - run.startedAt);
  const estimate = run.at(now);
  if (estimate?.state !== "estimated")
    throw new Error(`No estimate at ${share}: ${JSON.stringify(estimate)}`);
  const { p50, p90 } = estimate.remainingMs;
  const actual = run.endedAt - now;
  return { share, error: Math.log(actual / p50), isCovered: actual <= p90, width: p90 / p50 };
}

/** The percent at a thousand evenly spaced moments. */
function percents({ startedAt, endedAt, at }: FollowedRun): number[] {
  return Array.from({ length: 1_000 }, (_, step) => at(startedAt + (step / 1_000) * (endedAt - startedAt)))
    .filter(isEstimated)
    .map((estimate) => (estimate?.state === "estimated" ? estimate.percent : 0));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Coverage, width and error of everything, and of each slice. */
function tableOf(asks: readonly Ask[]): string {
  const slices: [name: string, of: (ask: Ask) => boolean][] = [
    ["all", () => true],
    ...asked.map((share): [string, (ask: Ask) => boolean] => [`at ${share}`, (ask) => ask.share === share]),
    ...latencies.map((one): [string, (ask: Ask) => boolean] => [
      `latency × ${one}`,
      (ask) => ask.latency === one,
    ]),
    ...sizes.map((one): [string, (ask: Ask) => boolean] => [`size × ${one}`, (ask) => ask.scale === one]),
    ["ends by target", ({ end }) => end === "target"],
    ["ends by limit", ({ end }) => end === "repositories"],
  ];
  const lines = slices.map(([name, of]) => {
    const slice = asks.filter(of);
    const covered = slice.filter(({ isCovered }) => isCovered).length / slice.length;
    const width = median(slice.map((ask) => ask.width));
    const error = Math.exp(median(slice.map((ask) => Math.abs(ask.error))));
    return `${name.padEnd(16)} ${String(slice.length).padStart(5)} asks  covered ${(covered * 100).toFixed(1).padStart(5)} %  p90/p50 ${width.toFixed(2)}  off by × ${error.toFixed(2)}`;
  });
  return lines.join("\n");
}
