import type { ProgressStage } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import { createPaint } from "./paint.ts";
import { stageRow } from "./stage-row.ts";

const stage: ProgressStage = { id: "extraction", state: "active", itemsProcessed: 64, itemsTotal: 120 };
const view = {
  startedAt: 0,
  endedAt: null,
  total: 120,
  totalSince: 0,
  item: "works/compiler",
  shownShare: 64 / 120,
  leftBecause: null,
};
const row = (width: number, one = stage, emoji = true) =>
  stageRow(one, view, 12_000, { width, nameWidth: 10, emoji, paint: createPaint(false) });

describe("The row of a stage", () => {
  it("shows bar, count, time and the item where there is room", () => {
    expect(row(96)).toBe("extraction  ███████████░░░░░░░░░░░     64/120     0:12  works/compiler");
  });

  it.each([
    [56, "extraction  █████░░░░░     64/120     0:12"],
    [40, "extraction  ████░░░░     64/120"],
    [26, "extraction     64/120"],
  ])("leaves out what does not fit into %i columns", (width, text) => {
    expect(row(width)).toBe(text);
    expect(row(width).length).toBeLessThanOrEqual(width);
  });

  it("is full only when the stage is done", () => {
    const all = { ...stage, itemsProcessed: 120 };
    const full = { ...view, shownShare: 1 };
    const style = { width: 40, nameWidth: 10, emoji: false, paint: createPaint(false) };
    expect(stageRow(all, full, 12_000, style)).toContain("#######.");
    expect(stageRow({ ...all, state: "done" }, full, 12_000, style)).toContain("########");
  });

  it("says of a stage that is done with a part of its items why the rest was left", () => {
    const done = { ...stage, state: "done" as const };
    const style = { width: 96, nameWidth: 10, emoji: true, paint: createPaint(false) };
    const ended = { ...view, endedAt: 12_000, item: null };
    expect(stageRow(done, { ...ended, leftBecause: "target" }, 0, style)).toMatch(
      /64\/120 .* 56 not read: target reached$/,
    );
    expect(stageRow(done, { ...ended, leftBecause: "stop" }, 0, style)).toMatch(/0:12\s+56 not read$/);
    const all = { ...done, itemsProcessed: 120 };
    expect(stageRow(all, ended, 0, style)).toMatch(/120\/120 +0:12$/);
  });

  it("says nothing but the name of a stage that has not begun, and no total that is not known", () => {
    const style = { width: 56, nameWidth: 10, emoji: true, paint: createPaint(false) };
    expect(stageRow({ ...stage, state: "pending" }, undefined, 0, style)).toBe("extraction");
    expect(row(96, { ...stage, itemsTotal: null })).toContain("       64 ");
  });

  it("is ASCII without emoji", () => {
    expect(row(96, stage, false)).toMatch(/^[\x20-\x7e]+$/);
  });
});
