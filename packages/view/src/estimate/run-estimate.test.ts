import { initialProgress, type JobEvent, reduceProgress } from "@cmo/engine";
import { buildEvent } from "@cmo/engine/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { campaignGrounds, completedEnd, type Draft, progressed, queued } from "../testing/index.ts";
import type { EstimateGrounds } from "./estimate-grounds.ts";
import {
  estimateAt,
  estimateErrorsOf,
  initialRunEstimate,
  type RunEstimate,
  type RunEstimateState,
  reduceRunEstimate,
} from "./run-estimate.ts";
import { runTimingOf } from "./run-timing.ts";

const start = Date.parse("2030-01-01T00:00:00.000Z");
const started: Draft = { type: "job.started", data: { attempt: 1 } };
const resumed: Draft = { type: "job.resumed", data: {} };
const paused: Draft = { type: "job.paused", data: {} };

/** An event, so many milliseconds after the beginning. */
type Timed = readonly [ms: number, draft: Draft];

function logOf(timed: readonly Timed[]): JobEvent[] {
  return timed.map(([ms, draft], index) =>
    buildEvent(draft, { seq: index + 1, at: new Date(start + ms).toISOString() }),
  );
}

function states(log: readonly JobEvent[], grounds: EstimateGrounds | null = campaignGrounds) {
  let state = initialRunEstimate(grounds);
  return log.map((event) => {
    const before = state.progress.stages.length === 0 ? initialProgress([]) : state.progress;
    state = reduceRunEstimate(state, event, { before, after: reduceProgress(before, event) });
    return state;
  });
}

function fold(timed: readonly Timed[], grounds?: EstimateGrounds | null): RunEstimateState {
  return states(logOf(timed), grounds).at(-1) ?? initialRunEstimate(null);
}

function estimated(estimate: RunEstimate | null): Extract<RunEstimate, { state: "estimated" }> {
  if (estimate?.state === "estimated") return estimate;
  throw new Error(`No estimate: ${JSON.stringify(estimate)}`);
}

const ask = (timed: readonly Timed[], ms: number, grounds?: EstimateGrounds | null) =>
  estimateAt(fold(timed, grounds), start + ms);

const quota = (remaining: number, resetInMs: number): Draft => ({
  type: "quota.updated",
  data: { resource: "graphql", limit: 50, remaining, resetAt: new Date(start + resetInMs).toISOString() },
});
const answer = (durationMs: number): Draft => ({
  type: "tool.completed",
  data: { callId: "1", tool: "search", ok: true, durationMs, cost: 1, cached: false, error: null },
});

/** A run at the pace of the grounds, ten seconds in: setup, and half of what the search will find. */
const begun: readonly Timed[] = [
  [0, queued],
  [0, started],
  [1_900, answer(500)],
  [2_000, { type: "stage.started", data: { stage: "discovery" } }],
  [2_000, progressed("discovery", 10, 100)],
  [7_000, answer(500)],
  [7_000, progressed("discovery", 60, 100)],
];

describe("The estimate of a run", () => {
  it.each<[string, readonly Timed[], EstimateGrounds | null, string]>([
    ["nothing like it was run before", begun, null, "first_of_its_kind"],
    ["it has not started", [[0, queued]], campaignGrounds, "not_started"],
    ["it is paused", [...begun, [8_000, paused]], campaignGrounds, "paused"],
    [
      "it waits for its next attempt",
      [
        ...begun,
        [
          8_000,
          {
            type: "job.retrying",
            data: { attempt: 1, delayMs: 9_000, error: { code: "timeout", message: "slow", hint: null } },
          },
        ],
      ],
      campaignGrounds,
      "between_attempts",
    ],
  ])("is unknown when %s", (_why, timed, grounds, because) => {
    expect(ask(timed, 8_000, grounds)).toEqual({ state: "unknown", because });
  });

  it("is none when the run has ended", () => {
    const end = completedEnd.map((draft): Timed => [60_000, draft]);
    expect(ask([...begun, ...end], 61_000)).toBeNull();
  });

  it("is what is left of each stage at the pace of earlier runs, and has a band", () => {
    const { remainingMs, endsAt, percent, basis } = estimated(ask(begun, 7_000));
    // 40 of the search, 80 and 160 people at 100 ms each; the stages after them take 2.4 s.
    expect(remainingMs.p50).toBeGreaterThan(25_000);
    expect(remainingMs.p50).toBeLessThan(33_000);
    expect(remainingMs.p90).toBeGreaterThan(remainingMs.p50 * 1.1);
    expect(remainingMs.p90).toBeLessThan(remainingMs.p50 * 2);
    expect(endsAt).toEqual({
      p50: start + 7_000 + remainingMs.p50,
      p90: start + 7_000 + remainingMs.p90,
    });
    // It may have been greater before, and never falls.
    expect(percent).toBeGreaterThanOrEqual(Math.floor((100 * 7_000) / (7_000 + remainingMs.p50)));
    expect(percent).toBeLessThan(30);
    expect(basis).toEqual({ runs: 8, quotaWaitMs: 0 });
  });

  it("follows a run's own pace: one that is three times as slow has three times as much left", () => {
    const slow = begun.map(
      ([ms, draft]): Timed => [ms * 3, draft.type === "tool.completed" ? answer(1_500) : draft],
    );
    const ratio = estimated(ask(slow, 21_000)).remainingMs.p50 / estimated(ask(begun, 7_000)).remainingMs.p50;
    expect(ratio).toBeGreaterThan(2.5);
    expect(ratio).toBeLessThan(3.5);
  });

  it("knows from its first answers that a run is slow, before any stage has shown an item", () => {
    const slow: readonly Timed[] = [
      [0, queued],
      [0, started],
      [2_000, answer(2_000)],
    ];
    const usual: readonly Timed[] = [
      [0, queued],
      [0, started],
      [500, answer(500)],
    ];
    expect(estimated(ask(slow, 2_000)).remainingMs.p50).toBeGreaterThan(
      estimated(ask(usual, 500)).remainingMs.p50 * 2,
    );
  });

  it("takes neither a pause nor a worker that died for work", () => {
    const day = 86_400_000;
    const later = (ms: number): readonly Timed[] => [
      ...begun,
      [7_001, paused],
      [7_001 + ms, resumed],
      [7_001 + ms, answer(500)],
    ];
    const told = (ms: number) => estimated(ask(later(ms), 7_001 + ms));
    expect({ ...told(day), endsAt: null }).toEqual({ ...told(1_000), endsAt: null });
    const died: readonly Timed[] = [...begun, [7_000 + day, resumed], [7_000 + day, answer(500)]];
    expect(
      Math.abs(estimated(ask(died, 7_000 + day)).remainingMs.p50 - told(0).remainingMs.p50),
    ).toBeLessThan(50);
  });

  it("waits for the quota where what is left needs more of it than there is", () => {
    const scarce = { ...campaignGrounds, pointsPerMs: 0.01 };
    const hour = 3_600_000;
    const free = estimated(ask([...begun, [7_000, quota(50, hour)]], 7_000));
    const short = estimated(ask([...begun, [7_000, quota(5, 600_000)]], 7_000, scarce));
    expect(free.basis.quotaWaitMs).toBe(0);
    expect(short.basis.quotaWaitMs).toBeGreaterThan(500_000);
    expect(short.basis.quotaWaitMs).toBeLessThan(600_000);
    expect(short.remainingMs.p50).toBeGreaterThan(short.basis.quotaWaitMs);
  });

  it("lies before the time-out, which counts from the begin of the run, pauses and waits included", () => {
    const free = estimated(ask(begun, 7_000)).remainingMs;
    const bounded = (timed: readonly Timed[], ms: number, timeoutMs: number) =>
      estimated(ask(timed, ms, { ...campaignGrounds, timeoutMs }));
    expect(bounded(begun, 7_000, 20_000).remainingMs).toEqual({ p50: 13_000, p90: 13_000 });
    expect(bounded(begun, 12_000, 20_000).endsAt).toEqual({ p50: start + 20_000, p90: start + 20_000 });
    const between = bounded(begun, 7_000, 7_000 + free.p50 + 100).remainingMs;
    expect(between).toEqual({ p50: free.p50, p90: free.p50 + 100 });
    expect(bounded(begun, 7_000, 3_600_000).remainingMs).toEqual(free);
    // Paused for as long as it might have run; its worker has not yet seen that its time is over.
    const late: readonly Timed[] = [...begun, [7_001, paused], [60_000, resumed]];
    expect(bounded(late, 60_001, 61_000).remainingMs.p90).toBeLessThanOrEqual(999);
    expect(bounded(late, 61_100, 61_000)).toMatchObject({ remainingMs: { p50: 0, p90: 0 } });
    // A quota that is full again only after that is not waited for.
    const scarce = { ...campaignGrounds, pointsPerMs: 0.01, timeoutMs: 60_000 };
    const short = estimated(ask([...begun, [7_000, quota(5, 600_000)]], 7_000, scarce));
    expect(short.remainingMs).toEqual({ p50: 53_000, p90: 53_000 });
    expect(short.basis.quotaWaitMs).toBeLessThanOrEqual(53_000);
  });

  it("ends where the requests or the points that it may use are used up", () => {
    const told = (bounds: Partial<EstimateGrounds>) =>
      estimated(ask(begun, 7_000, { ...campaignGrounds, ...bounds })).remainingMs;
    const free = told({});
    // Two of each were used for about a fifth of the run.
    for (const key of ["mostRequests", "mostPoints"] as const) {
      expect(told({ [key]: 1_000 })).toEqual(free);
      const few = told({ [key]: 4 });
      const fewer = told({ [key]: 3 });
      expect(few.p50).toBeLessThan(free.p50 * 0.8);
      expect(few.p90).toBeGreaterThan(few.p50);
      expect(few.p90).toBeLessThan(free.p90);
      expect(Math.abs(fewer.p50 * 2 - few.p50)).toBeLessThanOrEqual(2);
      expect(told({ [key]: 2 })).toEqual({ p50: 0, p90: 0 });
    }
    const wrong: Draft = {
      type: "tool.completed",
      data: { ...answer(500).data, ok: false, error: { code: "timeout", message: "slow" } },
    } as Draft;
    const grounds = { ...campaignGrounds, mostRequests: 4 };
    // What went wrong was asked too.
    expect(estimated(ask([...begun, [7_000, wrong], [7_000, wrong]], 7_000, grounds)).remainingMs.p90).toBe(
      0,
    );
  });

  it("S26 counts a wait for the quota down, and does not take it for slowness", () => {
    const until = 607_000;
    const waiting: Draft = {
      type: "quota.waiting",
      data: { resource: "graphql", until: new Date(start + until).toISOString(), reason: "primary limit" },
    };
    const timed: readonly Timed[] = [...begun, [7_000, waiting]];
    const before = estimated(ask(begun, 7_000)).remainingMs.p50;
    expect(estimated(ask(timed, 7_000)).remainingMs.p50).toBe(before + 600_000);
    expect(estimated(ask(timed, 307_000)).remainingMs.p50).toBe(before + 300_000);
    const after: readonly Timed[] = [...timed, [until, answer(500)]];
    expect(estimated(ask(after, until)).remainingMs.p50).toBe(before);
  });

  it("S26 waits once for a quota that is used up, however much of that wait is over", () => {
    const until = 607_000;
    const waiting: Draft = {
      type: "quota.waiting",
      data: { resource: "graphql", until: new Date(start + until).toISOString(), reason: "primary limit" },
    };
    const timed: readonly Timed[] = [...begun, [7_000, quota(0, until)], [7_000, waiting]];
    const told = (ms: number) => estimated(ask(timed, ms, { ...campaignGrounds, pointsPerMs: 0.001 }));
    const whole = told(7_000).remainingMs.p50;
    expect(told(307_000).remainingMs.p50).toBe(whole - 300_000);
    expect(told(307_000).endsAt).toEqual(told(7_000).endsAt);
    expect(told(606_000).basis.quotaWaitMs).toBe(1_000);
    // Nothing was heard since it was over, which is less than an answer takes.
    expect(told(until + 400).basis.quotaWaitMs).toBe(0);
  });

  it("is unknown again when nothing was heard for longer than anything explains", () => {
    expect(ask(begun, 7_000 + 20_000)?.state).toBe("estimated");
    expect(ask(begun, 7_000 + 3_600_000)).toEqual({ state: "unknown", because: "overdue" });
  });

  it("keeps how far off it was, for the runs that come", () => {
    const end = completedEnd.map((draft): Timed => [47_000, draft]);
    const state = fold([...begun, ...end]);
    const errors = estimateErrorsOf(state);
    expect(errors.length).toBeGreaterThan(1);
    for (const { share, logRatio } of errors) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThan(1);
      expect(Number.isFinite(logRatio)).toBe(true);
    }
    const timing = runTimingOf(state.pace, state.progress, errors);
    expect(timing).toMatchObject({ setupMs: 2_000, workMs: 47_000, pageItems: 10, points: 2, answerMs: 500 });
    expect(JSON.parse(JSON.stringify(timing))).toEqual(timing);
  });

  it("learns nothing of a run that failed, or whose answers others were given", () => {
    const failed = fold([...begun, [8_000, { type: "job.cancelled", data: { partial: true } }]]);
    expect(runTimingOf(failed.pace, failed.progress, [])).toBeNull();
    const cached: Draft = {
      type: "tool.completed",
      data: {
        callId: "2",
        tool: "people",
        ok: true,
        durationMs: 1,
        cost: 0,
        cached: true,
        error: null,
        items: 90,
      },
    };
    const end = completedEnd.map((draft): Timed => [47_000, draft]);
    const answered = fold([...begun, [7_500, cached], ...end]);
    expect(runTimingOf(answered.pace, answered.progress, [])).toBeNull();
  });
});

const stage = fc.constantFrom("discovery", "extraction", "enrichment", "validation", "scoring", "export");
const anyDraft: fc.Arbitrary<Draft> = fc.oneof(
  fc
    .tuple(stage, fc.nat(300), fc.option(fc.nat(300)))
    .map(([id, done, total]) => progressed(id, done, total)),
  stage.map((id): Draft => ({ type: "stage.started", data: { stage: id } })),
  stage.map((id): Draft => ({ type: "stage.completed", data: { stage: id } })),
  fc.nat(200).map((qualified): Draft => ({ type: "metrics", data: { metrics: { qualified } } })),
  fc.nat(30_000).map(answer),
  fc.tuple(fc.nat(60), fc.nat(7_200_000)).map(([remaining, ms]) => quota(remaining, ms)),
  fc.nat(7_200_000).map((ms): Draft => {
    const until = new Date(start + ms).toISOString();
    return { type: "quota.waiting", data: { resource: "graphql", until, reason: "limit" } };
  }),
  fc.constantFrom(paused, resumed, started),
);
const anyGrounds = fc.record({
  qualifiedPerItem: fc.option(fc.double({ min: 0.01, max: 3, noNaN: true })),
  mostItems: fc.option(fc.integer({ min: 1, max: 1_000 })),
  answerMs: fc.option(fc.integer({ min: 1, max: 5_000 })),
  setupMs: fc.nat(5_000),
  pointsPerMs: fc.double({ min: 0, max: 0.1, noNaN: true }),
  requestsPerMs: fc.double({ min: 0, max: 0.1, noNaN: true }),
  mostRequests: fc.option(fc.nat(60)),
  mostPoints: fc.option(fc.nat(60)),
  timeoutMs: fc.option(fc.nat(3_600_000)),
});
const anyLog = fc.array(fc.tuple(fc.nat(60_000), anyDraft), { maxLength: 40 }).map((steps) => {
  let at = 0;
  return logOf([
    [0, queued],
    [0, started],
    ...steps.map(([gap, draft]): Timed => {
      at += gap;
      return [at, draft];
    }),
  ]);
});

describe("Whatever a log holds", () => {
  it("the share of time never falls and stays below 100, and every number is one", () => {
    fc.assert(
      fc.property(anyLog, anyGrounds, fc.array(fc.nat(90_000), { maxLength: 3 }), (log, some, gaps) => {
        const all = states(log, { ...campaignGrounds, ...some });
        let shown = 0;
        for (const [index, state] of all.entries()) {
          const at = Date.parse(log[index]?.at ?? "");
          const next = Date.parse(log[index + 1]?.at ?? "") || at + 90_000;
          const moments = [0, ...[...gaps].sort((a, b) => a - b)].map((gap) => Math.min(at + gap, next));
          for (const now of moments) {
            const estimate = estimateAt(state, now);
            if (estimate?.state !== "estimated") continue;
            expect(estimate.percent).toBeGreaterThanOrEqual(shown);
            expect(estimate.percent).toBeLessThan(100);
            shown = estimate.percent;
            const { p50, p90 } = estimate.remainingMs;
            if (some.timeoutMs !== null) {
              expect(estimate.endsAt.p90).toBeLessThanOrEqual(Math.max(now, start + some.timeoutMs));
            }
            expect(Number.isSafeInteger(p50) && p50 >= 0).toBe(true);
            expect(Number.isSafeInteger(p90) && p90 >= p50).toBe(true);
            expect(estimate.basis.quotaWaitMs).toBeLessThanOrEqual(p50);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("whoever comes late and folds the log is told what they were told who saw it all", () => {
    fc.assert(
      fc.property(anyLog, fc.nat(60_000), (log, gap) => {
        const seen = states(log);
        const now = Date.parse(log.at(-1)?.at ?? "") + gap;
        for (const state of seen) estimateAt(state, now);
        const late = states(JSON.parse(JSON.stringify(log)) as JobEvent[]).at(-1);
        expect(late).toEqual(seen.at(-1));
        expect(late && estimateAt(late, now)).toEqual(seen.at(-1) && estimateAt(seen.at(-1) as never, now));
      }),
    );
  });
});
