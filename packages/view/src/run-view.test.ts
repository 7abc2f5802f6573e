import type { JobEvent } from "@cmo/engine";
import { buildEvent, buildLog } from "@cmo/engine/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { initialRunView, type RunView, reduceRunView } from "./run-view.ts";
import { campaignLog, completedEnd, failedEnd, progressed, queued } from "./testing/campaign-log.ts";

function fold(events: readonly JobEvent[]): RunView {
  return events.reduce(reduceRunView, initialRunView());
}

describe("The view of a run", () => {
  it("knows each stage's time, item and share from the log alone", () => {
    const { stages, goal, startedAt, quota } = fold(campaignLog());
    expect(goal).toBe("Find 3 people who keep Go alive");
    expect(startedAt).toBe(Date.parse("2030-01-01T00:00:01.000Z"));
    expect(quota).toEqual({
      resource: "graphql",
      limit: 5000,
      remaining: 4999,
      resetAt: Date.parse("2030-01-01T01:00:00.000Z"),
    });
    expect(stages.discovery).toMatchObject({
      startedAt: Date.parse("2030-01-01T00:00:02.000Z"),
      endedAt: null,
    });
    expect(stages.extraction).toMatchObject({ item: "works/[2Jparser", total: 80, shownShare: 0.5 });
    expect(stages.scoring).toBeUndefined();
  });

  it("counts a total that the stage before still feeds only as far as that stage has gone", () => {
    const half = fold(campaignLog().slice(0, 8));
    expect(half.progress.stages[1]).toMatchObject({ itemsProcessed: 40, itemsTotal: 40 });
    expect(half.stages.extraction?.shownShare).toBe(0.5);
  });

  it("knows why a stage ended before all of its items were looked at", () => {
    const discovered = { type: "stage.completed" as const, data: { stage: "discovery", counts: {} } };
    const partly = [queued, progressed("discovery", 100, 135)];
    const reached = { type: "metrics" as const, data: { metrics: { qualified: 3 } } };
    const left = (...end: Parameters<typeof buildLog>[0]) =>
      fold(buildLog([...partly, ...end, discovered])).stages.discovery?.leftBecause;
    expect(left(reached)).toBe("target");
    expect(left()).toBe("stop");
    expect(left(reached, progressed("discovery", 135, 135))).toBeNull();
  });

  it("S10 never lets a bar go back, whatever is reported", () => {
    const stage = fc.constantFrom("discovery", "extraction", "enrichment", "unheard_of");
    const report = fc.oneof(
      fc
        .tuple(stage, fc.nat(50), fc.option(fc.nat(50)))
        .map(([id, done, total]) => progressed(id, done, total)),
      stage.map((id) => ({ type: "stage.started" as const, data: { stage: id } })),
      stage.map((id) => ({ type: "stage.completed" as const, data: { stage: id } })),
    );
    fc.assert(
      fc.property(fc.array(report, { maxLength: 60 }), (reports) => {
        let view = fold([buildEvent(queued)]);
        for (const [index, draft] of reports.entries()) {
          const next = reduceRunView(view, buildEvent(draft, { seq: index + 2 }));
          for (const [id, before] of Object.entries(view.stages)) {
            expect(next.stages[id]?.shownShare).toBeGreaterThanOrEqual(before.shownShare);
            expect(next.stages[id]?.shownShare).toBeLessThanOrEqual(1);
            expect(next.stages[id]?.startedAt).toBe(before.startedAt);
          }
          view = next;
        }
      }),
    );
  });

  it("ends with every stage full when the job completed, and with bars where they were when it failed", () => {
    const completed = fold(campaignLog(...completedEnd));
    expect(Object.values(completed.stages).map(({ shownShare }) => shownShare)).toEqual([1, 1, 1, 1, 1, 1]);
    const failed = fold(campaignLog(...failedEnd));
    expect(failed.progress.status).toBe("failed");
    expect(failed.stages.extraction?.shownShare).toBe(0.5);
  });

  it("leaves an event from the future alone", () => {
    const view = fold(campaignLog());
    expect(reduceRunView(view, buildEvent({ type: "stage.teleported", data: { stage: "scoring" } }))).toBe(
      view,
    );
  });
});
