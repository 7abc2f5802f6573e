import { buildLog } from "@cmo/engine/testing";
import { initialRunView, type RunEstimate, reduceRunView } from "@cmo/view";
import { campaignLog, queued } from "@cmo/view/testing";
import { describe, expect, it } from "vitest";
import { timeOfDay } from "./clock-text.ts";
import { statusLine } from "./status-line.ts";

const fold = (events: ReturnType<typeof campaignLog>) => events.reduce(reduceRunView, initialRunView());
const at = (iso: string) => Date.parse(`2030-01-01T${iso}.000Z`);

describe("The line below the stages", () => {
  it("tells time, share and quota", () => {
    const view = fold(campaignLog());
    const text = statusLine(view, at("00:02:06"), { width: 100, notice: null });
    expect(text).toBe(`2:05 elapsed · ${view.progress.percent}% · quota 4,999 of 5,000 left`);
    expect(statusLine(view, at("00:02:06"), { width: 60, notice: null })).toContain("quota 4,999");
  });

  it("S26 tells what is waited for and until when, as long as it is", () => {
    const until = "2030-01-01T00:30:00.000Z";
    const view = fold(
      buildLog([
        queued,
        { type: "job.started", data: { attempt: 1 } },
        { type: "quota.waiting", data: { resource: "graphql", until, reason: "primary limit" } },
      ]),
    );
    const clock = timeOfDay(Date.parse(until), at("00:01:00"));
    expect(clock).toMatch(/^\d\d:\d\d$/);
    expect(statusLine(view, at("00:01:00"), { width: 100, notice: null })).toMatch(
      new RegExp(`^waiting until ${clock} \\(primary limit\\)`),
    );
    expect(statusLine(view, at("00:31:00"), { width: 100, notice: null })).not.toContain("waiting");
  });

  it("S18 tells how long a scheduled job will wait, until it has started", () => {
    const startsAt = at("00:15:00");
    const waiting = fold(buildLog([queued]));
    const text = statusLine(waiting, at("00:00:01"), { width: 100, notice: null, startsAt });
    expect(text).toBe(`starts at ${timeOfDay(startsAt, at("00:00:01"))}, in 14:59 · 0%`);
    const started = fold(buildLog([queued, { type: "job.started", data: { attempt: 1 } }]));
    expect(statusLine(started, at("00:00:01"), { width: 100, notice: null, startsAt })).not.toContain(
      "starts",
    );
  });

  it("tells of the next attempt, and of the one that it is", () => {
    const error = { code: "timeout" as const, message: "slow", hint: null };
    const log = [queued, { type: "job.retrying" as const, data: { attempt: 1, delayMs: 9_000, error } }];
    expect(statusLine(fold(buildLog(log)), at("00:00:05"), { width: 100, notice: null })).toMatch(
      /^attempt 2 at /,
    );
    const second = [...log, { type: "job.started" as const, data: { attempt: 2 } }];
    expect(statusLine(fold(buildLog(second)), at("00:00:05"), { width: 100, notice: "Stopping." })).toMatch(
      /^Stopping\. · attempt 2 · /,
    );
  });

  it("tells the time left with its band, in fewer words where it is narrow, and never more than fits", () => {
    const view = fold(campaignLog());
    const estimate = estimatedLeft(118_000, 241_000);
    const line = (width: number) => statusLine(view, at("00:02:06"), { width, notice: null, estimate });
    expect(line(100)).toContain(" · about 2 min left (up to 4 min) · quota 4,999 of 5,000 left");
    expect(line(60)).toMatch(/^2:05 elapsed · \d+% · 2 min left \(max 4 min\) · quota 4,999$/);
    for (let width = 36; width < 120; width += 1) expect(line(width).length).toBeLessThanOrEqual(width);
    expect(line(36)).toMatch(/^2:05 · \d+% · 2 min left \(max 4 min\)$/);
    const unknown = { state: "unknown", because: "first_of_its_kind" } as const;
    const told = (width: number) =>
      statusLine(view, at("00:02:06"), { width, notice: null, estimate: unknown });
    expect(told(100)).toContain(" · time left unknown: first run of its kind · ");
    expect(told(60)).toMatch(/% · time left unknown · quota 4,999$/);
  });
});

function estimatedLeft(p50: number, p90: number): RunEstimate {
  return {
    state: "estimated",
    remainingMs: { p50, p90 },
    endsAt: { p50, p90 },
    percent: 40,
    basis: { runs: 8, quotaWaitMs: 0 },
  };
}
