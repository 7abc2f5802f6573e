import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventDraft } from "../event/event-draft.ts";
import type { JobEvent } from "../event/job-event.ts";
import { buildEvent, buildLog } from "../testing/build-event.ts";
import { queuedDraft } from "../testing/build-job.ts";
import { buildLead } from "../testing/build-lead.ts";
import { everyDraft } from "../testing/sink-contract.ts";
import { foldSummary, reduceSummary } from "./reduce-summary.ts";
import { buildSummary, comparableSummary, summaryOf } from "./run-summary.ts";
import { initialSummary, type SummaryState } from "./summary-state.ts";

const failed: EventDraft = {
  type: "job.failed",
  data: { error: { code: "unauthenticated", message: "refused", hint: "Set GITHUB_TOKEN." }, partial: true },
};
const cancelled: EventDraft = { type: "job.cancelled", data: { partial: true } };

const anyEvent: fc.Arbitrary<JobEvent> = fc.oneof(
  fc.constantFrom(...everyDraft, failed, cancelled).map((draft) => buildEvent(draft)),
  fc.constant(buildEvent({ type: "weather.changed", data: { sky: 1 } })),
  fc.constant(buildEvent({ type: "job.completed", data: {} }, { v: 2 })),
);

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

describe("the fold of a summary", () => {
  it("S03 gives one by one what it gives at once, wherever the log is cut, and changes nothing it was given", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), fc.nat(30), (log, cut) => {
        const events = frozen(log);
        const start = frozen(initialSummary());
        const whole = foldSummary(start, events);
        const parts = foldSummary(frozen(foldSummary(start, events.slice(0, cut))), events.slice(cut));
        const steps = events.reduce<SummaryState>(
          (state, event) => frozen(reduceSummary(state, event)),
          start,
        );
        expect(parts).toEqual(whole);
        expect(steps).toEqual(whole);
        expect(summaryOf(whole, [])).toEqual(buildSummary(events, []));
        // It is plain JSON, as a store keeps it.
        expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
      }),
    );
  });

  it("S12 changes nothing after the end", () => {
    for (const end of [everyDraft.at(-1) ?? failed, failed, cancelled]) {
      const ended = foldSummary(initialSummary(), buildLog([...everyDraft.slice(0, -1), end]));
      for (const draft of [...everyDraft, failed, cancelled])
        expect(reduceSummary(ended, buildEvent(draft))).toBe(ended);
    }
  });

  it("S09 is not changed by what it does not know", () => {
    const state = foldSummary(initialSummary(), buildLog(everyDraft.slice(0, 9)));
    expect(reduceSummary(state, buildEvent({ type: "weather.changed", data: {} }))).toBe(state);
    expect(reduceSummary(state, buildEvent({ type: "metrics", data: { metrics: {} } }, { v: 7 }))).toBe(
      state,
    );
  });

  it("S11 keeps the reason of a failure, and S03 counts by their one definition", () => {
    const summary = buildSummary(
      buildLog([
        queuedDraft,
        { type: "job.started", data: { attempt: 1 } },
        { type: "metrics", data: { metrics: { repos_claimed: 400, candidates: 12, other: 1 } } },
        { type: "metrics", data: { metrics: { repos_claimed: 0, candidates: 13 } } },
        { type: "stage.completed", data: { stage: "first", drops: { fork: 2, archived: 1 } } },
        { type: "stage.completed", data: { stage: "second", drops: { fork: 3 }, counts: { profiles: 4 } } },
        { type: "stage.completed", data: { stage: "second", drops: { fork: 99 } } },
        failed,
      ]),
      [],
    );
    expect(summary).toMatchObject({
      ok: false,
      status: "failed",
      partial: true,
      durationMs: 6_000,
      errors: [{ code: "unauthenticated", message: "refused", hint: "Set GITHUB_TOKEN." }],
    });
    expect(summary.counts).toEqual({
      reposClaimed: 400,
      reposMatched: null,
      reposOpened: null,
      candidates: 13,
      profiles: 4,
      leads: null,
      leadsWithEmail: null,
      contactable: null,
      drops: { fork: 5, archived: 1 },
    });
  });

  it("adds up what was asked, and how long it waited", () => {
    const tool = (ok: boolean, cost: number, cached: boolean, error: string | null = null): EventDraft => ({
      type: "tool.completed",
      data: { callId: "1", tool: "t", ok, durationMs: 1, cost, cached, error },
    });
    const until = (seconds: number): EventDraft => ({
      type: "quota.waiting",
      data: {
        resource: "graphql",
        until: new Date(Date.parse("2030-01-01T00:00:00Z") + seconds * 1_000).toISOString(),
        reason: "limited",
      },
    });
    const log = buildLog([
      queuedDraft,
      tool(true, 3, false),
      tool(false, 1, false, "source_unavailable"),
      tool(true, 0, true),
      until(14),
      until(0),
      // No longer wanted: asked, and no failure.
      tool(false, 0, false, "cancelled"),
    ]);
    expect(buildSummary(log, []).quota).toEqual({
      requests: 3,
      failedRequests: 1,
      points: 4,
      cacheHits: 1,
      waitedMs: 10_000,
    });
  });

  it("keeps at most a hundred notes, and each once", () => {
    const notes = Array.from(
      { length: 300 },
      (_, index): EventDraft => ({
        type: "log",
        data: { level: "warning", code: "c", message: `note ${index % 150}` },
      }),
    );
    expect(buildSummary(buildLog([queuedDraft, ...notes]), []).warnings).toHaveLength(100);
  });
});

describe("the summary", () => {
  it.each<[string, EventDraft[], object]>([
    ["nothing", [], { status: null, ok: null, partial: null, goal: null, startedAt: null, durationMs: null }],
    ["queued", [queuedDraft], { status: "queued", ok: null, partial: null, goal: "Find imaginary people" }],
    [
      "running",
      everyDraft.slice(0, 2),
      { status: "running", ok: null, startedAt: "2030-01-01T00:00:01.000Z" },
    ],
    ["paused", everyDraft.slice(0, 16), { status: "paused", ok: null, attempts: 2 }],
    ["completed", [...everyDraft], { status: "completed", ok: true, partial: false, targetMet: false }],
    ["failed", [queuedDraft, failed], { status: "failed", ok: false, partial: true, durationMs: null }],
    ["cancelled", [queuedDraft, cancelled], { status: "cancelled", ok: false, partial: true }],
  ])("of a job that is %s says what is known, and null for the rest", (_, drafts, expected) => {
    expect(buildSummary(buildLog(drafts), [])).toMatchObject(expected);
  });

  it("takes its prospects from lead rows, five at most, with the signals that gave most", () => {
    const reasons = [
      { signal: "a", points: 1, evidence: "little" },
      { signal: "b", points: 9, evidence: "much" },
      { signal: "c", points: -5, evidence: "against" },
      { signal: "d", points: 9, evidence: "as much" },
      { signal: "e", points: 5, evidence: "some" },
    ];
    const leads = [1, 2, 3, 4, 5, 6].map((rank) => buildLead({ rank, reasons, repositories: [] }));
    const { topProspects } = buildSummary(buildLog([queuedDraft]), leads);
    expect(topProspects.map((one) => one.rank)).toEqual([1, 2, 3, 4, 5]);
    expect(topProspects[0]).toMatchObject({ why: ["much", "as much", "some"], repository: null });
  });

  it("S01 is compared without what differs from run to run", () => {
    const log = buildLog(everyDraft);
    const other = log.map((event) => ({
      ...event,
      jobId: "job_other",
      at: event.at.replace("2030", "2031"),
    }));
    const warned = other.toSpliced(
      3,
      0,
      buildEvent({ type: "log", data: { level: "warning", code: "source.slow", message: "slow" } }),
    );
    const again = warned.filter((event) => event.type !== "tool.completed" && event.type !== "job.retrying");
    expect(buildSummary(again, [])).not.toEqual(buildSummary(log, []));
    expect(comparableSummary(buildSummary(again, []))).toEqual(comparableSummary(buildSummary(log, [])));
    const less = log.filter((event) => event.type !== "artifact.created");
    expect(comparableSummary(buildSummary(less, []))).not.toEqual(comparableSummary(buildSummary(log, [])));
    const warnedOfData = log.map((event) =>
      event.data.code === "data.target_not_met"
        ? { ...event, data: { ...event.data, message: "other" } }
        : event,
    );
    expect(comparableSummary(buildSummary(warnedOfData, []))).not.toEqual(
      comparableSummary(buildSummary(log, [])),
    );
  });
});
