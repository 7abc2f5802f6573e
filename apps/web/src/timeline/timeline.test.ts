import { foldProgress, foldSummary, initialProgress, initialSummary, type JobEvent } from "@cmo/engine";
import { buildLog } from "@cmo/engine/testing";
import { campaignLog, completedEnd, progressed } from "@cmo/view/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTimeline } from "./timeline.ts";

/** Every event counts: a fold that misses any of them is another one. */
const long = (): JobEvent[] =>
  buildLog(
    Array.from({ length: 1_500 }, (_, index) =>
      index % 3 === 0
        ? progressed("discovery", index, 2_000, `works/r${index}`)
        : {
            type: "tool.completed" as const,
            data: {
              callId: `c${index}`,
              tool: "github.people",
              ok: true,
              durationMs: 5,
              cost: 1,
              cached: false,
              error: null,
            },
          },
    ),
  );

describe("A timeline", () => {
  it("is at any place what folding the log so far gives, however the events came", () => {
    const log = long();
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 1_600 }),
        (sizes, seq) => {
          const timeline = createTimeline();
          let from = 0;
          for (const size of sizes) {
            timeline.append(log.slice(from, from + size));
            from += size;
          }
          const known = log.slice(0, Math.min(from, seq));
          const moment = timeline.at(seq);
          expect(moment.seq).toBe(known.at(-1)?.seq ?? 0);
          expect(moment.at).toBe(known.at(-1)?.at ?? null);
          expect(moment.view.progress).toEqual(foldProgress(initialProgress([]), known));
          expect(moment.summary).toEqual(foldSummary(initialSummary(), known));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("begins where a part of a log begins", () => {
    const timeline = createTimeline();
    expect(timeline.append(long().slice(700))).toBe(true);
    expect([timeline.firstSeq, timeline.lastSeq, timeline.length]).toEqual([701, 1_500, 800]);
    expect(timeline.at(900).seq).toBe(900);
    expect(timeline.at(3).seq).toBe(0);
  });

  it("takes no event twice and none after a gap", () => {
    const log = campaignLog(...completedEnd);
    const timeline = createTimeline();
    expect(timeline.append(log.slice(0, 5))).toBe(true);
    expect(timeline.append(log.slice(3, 6))).toBe(false);
    expect(timeline.append(log.slice(8))).toBe(false);
    expect(timeline.lastSeq).toBe(6);
    expect(timeline.append(log.slice(6))).toBe(true);
    expect(timeline.at(Number.POSITIVE_INFINITY).view.progress.status).toBe("completed");
    expect(timeline.events(1, 3).map(({ seq }) => seq)).toEqual([2, 3]);
  });
});
