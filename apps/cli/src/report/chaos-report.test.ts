import type { ChaosVerdict } from "@cmo/runtime";
import { describe, expect, it } from "vitest";
import { createPaint } from "../view/paint.ts";
import { chaosReport, createChaosProgress, openingReport } from "./chaos-report.ts";

const identical: ChaosVerdict = {
  verdict: "identical",
  campaign: {
    name: "test",
    status: "completed",
    leads: 1_200,
    contactable: 800,
    requests: 40,
    durationMs: 1_600,
    standIn: false,
  },
  notes: [],
  store: "sqlite",
  seed: 7,
  effects: 1_450,
  points: { possible: 2_900, chosen: 400, covered: 400 },
  kinds: [
    { kind: "store.updateJob", effects: 1_400, points: 390 },
    { kind: "http", effects: 50, points: 10 },
  ],
  extraRequests: 1,
  differing: [],
};

const paint = createPaint(false);
const report = (verdict: ChaosVerdict) => chaosReport(verdict, { emoji: false, paint });

describe("openingReport", () => {
  it("says how many of how many points will be covered, and how to have them all", () => {
    const text = openingReport(identical, "a.yaml");
    expect(text).toContain("400 of 2,900, evenly spread; --points all takes them all");
    const all = { ...identical, points: { possible: 580, chosen: 580, covered: 0 } };
    expect(openingReport(all, "a.yaml")).toContain("points       all 580");
  });

  it("says who stands in for GitHub, and that a comparison of nothing says little", () => {
    const campaign = { ...identical.campaign, standIn: true, leads: 0 };
    const text = openingReport({ ...identical, campaign }, "a.yaml");
    expect(text).toContain("nothing is asked of GitHub");
    expect(text).toContain("no leads");
    expect(openingReport({ ...identical, notes: ["Limits count."] }, "a.yaml")).toMatch(
      /^ {2}Limits count\.$/m,
    );
    expect(openingReport(identical, "a.yaml")).not.toMatch(/GitHub|no leads/);
  });
});

describe("chaosReport", () => {
  it("counts the points by kind, and gives the verdict", () => {
    expect(report(identical)).toBe(
      [
        "kind of effect   effects  points",
        "store.updateJob    1,400     390",
        "http                  50      10",
        "",
        "Identical at 400 of 2,900 points, at most 1 extra request.",
        "",
      ].join("\n"),
    );
    const all = { ...identical, points: { possible: 2_900, chosen: 2_900, covered: 2_900 } };
    expect(report(all)).toContain("Identical at all 2,900 points");
  });

  it("shows at which point what differed, what was expected and what came", () => {
    const text = report({
      ...identical,
      verdict: "different",
      points: { possible: 2_900, chosen: 400, covered: 12 },
      differing: [
        {
          point: { effect: 37, moment: "after", kind: "store.updateJob" },
          differences: [
            { part: "log", place: "stage.completed of scoring: counts.scored", expected: "12", found: "11" },
            { part: "disk", place: "job_leads.csv, line 3", expected: "3,jo", found: null },
          ],
        },
      ],
    });
    expect(text).toContain(
      [
        "ended after effect 37, store.updateJob",
        "  log: stage.completed of scoring: counts.scored",
        "    expected  12",
        "    got       11",
        "  disk: job_leads.csv, line 3",
        "    expected  3,jo",
        "    got       nothing",
        "",
        "Different at 1 of 12 points. Stopped after 12 of 400.",
      ].join("\n"),
    );
  });

  it("does not blame a crash for what differs without one", () => {
    const differences = [{ part: "summary", place: "goal", expected: '"a"', found: '"b"' }] as const;
    const text = report({ ...identical, verdict: "different", differing: [{ point: null, differences }] });
    expect(text).toContain("undisturbed, a second time\n  summary: goal");
    expect(text).toContain("Different in a second undisturbed run.");
  });

  it("calls a run that was interrupted by its name", () => {
    const points = { possible: 2_900, chosen: 400, covered: 3 };
    expect(report({ ...identical, verdict: "unfinished", points })).toContain(
      "Interrupted: identical at 3 of 400 points",
    );
  });
});

describe("createChaosProgress", () => {
  const at = (ordinal: number) =>
    ({ ordinal, of: 580, point: { effect: ordinal, moment: "before", kind: "http" }, differing: 0 }) as const;

  it("writes a line at each tenth where nothing can be written over, with the time that is left", () => {
    let now = 0;
    const progress = createChaosProgress({ redraw: false, columns: () => 0, now: () => now });
    const lines: string[] = [];
    for (let ordinal = 1; ordinal <= 580; ordinal += 1) {
      lines.push(progress.at(at(ordinal)));
      now += 50;
    }
    expect(lines.filter((line) => line !== "")).toHaveLength(10);
    expect(lines[0]).toBe("point 1 of 580: before http (effect 1)\n");
    expect(lines[290]).toBe("point 291 of 580, 0:14 left: before http (effect 291)\n");
    expect(progress.end()).toBe("");
  });

  it("writes one line over on a terminal, no wider than it and not too often, and takes it away in the end", () => {
    let now = 0;
    const progress = createChaosProgress({ redraw: true, columns: () => 20, now: () => now });
    expect(progress.end()).toBe("");
    expect(progress.at(at(37))).toBe("\r\u001B[Kpoint 37 of 580, 0:");
    now += 99;
    expect(progress.at(at(38))).toBe("");
    now += 1;
    expect(progress.at(at(39))).toContain("point 39");
    expect(progress.end()).toBe("\r\u001B[K");
  });
});
