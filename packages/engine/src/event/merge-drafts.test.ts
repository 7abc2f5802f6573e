import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldProgress } from "../progress/fold-progress.ts";
import { initialProgress } from "../progress/initial-progress.ts";
import { reduceProgress } from "../progress/reduce-progress.ts";
import type { EventDraft } from "./event-draft.ts";
import { isBoundary, mergeDraft } from "./merge-drafts.ts";

const plan = ["first", "second"];
const stage = fc.constantFrom(...plan);

/** What a run appends: each draft made on the progress before it, as the agent's context does. */
const drafts = fc
  .array(
    fc.oneof(
      fc.record({ kind: fc.constant("started"), stage }),
      fc.record({ kind: fc.constant("completed"), stage }),
      fc.record({ kind: fc.constant("log") }),
      fc.record({
        kind: fc.constant("progress"),
        stage,
        done: fc.nat(20),
        total: fc.option(fc.nat(30)),
        item: fc.option(fc.constantFrom("a", "b")),
      }),
      fc.record({
        kind: fc.constant("metrics"),
        key: fc.constantFrom("a", "b", "gauge_c"),
        value: fc.nat(9),
      }),
      fc.record({ kind: fc.constant("tool") }),
    ),
    { maxLength: 40 },
  )
  .map((steps) => {
    let progress = initialProgress(plan);
    const made: EventDraft[] = [];
    for (const step of steps as readonly Record<string, unknown>[]) {
      const draft = draftOf(step, progress);
      const next = reduceProgress(progress, draft);
      if (next === progress && draft.type !== "tool.started" && draft.type !== "log") continue;
      progress = next;
      made.push(
        draft.type === "stage.progress"
          ? { ...draft, data: { ...draft.data, percent: next.percent } }
          : draft,
      );
    }
    return made;
  });

function draftOf(step: Record<string, unknown>, progress: ReturnType<typeof initialProgress>): EventDraft {
  const name = String(step.stage);
  switch (step.kind) {
    case "started":
      return { type: "stage.started", data: { stage: name } };
    case "completed":
      return { type: "stage.completed", data: { stage: name } };
    case "progress": {
      const known = progress.stages.find((one) => one.id === name);
      const itemsProcessed = Math.max(Number(step.done), known?.itemsProcessed ?? 0);
      const itemsTotal =
        step.total === null ? (known?.itemsTotal ?? null) : Math.max(Number(step.total), itemsProcessed);
      const currentItem = step.item === null ? null : String(step.item);
      return {
        type: "stage.progress",
        data: { stage: name, itemsProcessed, itemsTotal, currentItem, percent: 0 },
      };
    }
    case "metrics":
      return { type: "metrics", data: { metrics: { [String(step.key)]: Number(step.value) } } };
    case "tool":
      return { type: "tool.started", data: { callId: "1", tool: "t", inputDigest: "d" } };
    default:
      return { type: "log", data: { level: "info", code: "c", message: "m" } };
  }
}

describe("merging events before they are stored (progress, rule 15)", () => {
  it("gives the same state at every boundary and at the end", () => {
    fc.assert(
      fc.property(drafts, (made) => {
        const waiting: EventDraft[] = [];
        let plain = initialProgress(plan);
        for (const draft of made) {
          plain = reduceProgress(plain, draft);
          mergeDraft(waiting, draft);
          if (isBoundary(draft)) expect(foldProgress(initialProgress(plan), waiting)).toEqual(plain);
        }
        expect(foldProgress(initialProgress(plan), waiting)).toEqual(plain);
      }),
      { numRuns: 1_000 },
    );
  });

  it("merges nothing but progress, metrics and quota, and drops nothing", () => {
    fc.assert(
      fc.property(drafts, (made) => {
        const waiting: EventDraft[] = [];
        for (const draft of made) mergeDraft(waiting, draft);
        const kept = (list: readonly EventDraft[]) =>
          list.filter((draft) => !["stage.progress", "metrics", "quota.updated"].includes(draft.type));
        expect(kept(waiting)).toEqual(kept(made));
      }),
    );
  });

  it("carries the highest percent passed, and keeps the quotas of different resources apart", () => {
    const progress = (percent: number): EventDraft => ({
      type: "stage.progress",
      data: { stage: "first", itemsProcessed: 5, itemsTotal: 100, currentItem: null, percent },
    });
    const quota = (resource: string, remaining: number): EventDraft => ({
      type: "quota.updated",
      data: { resource, limit: 100, remaining, resetAt: "2030-01-01T00:00:00.000Z" },
    });
    const waiting: EventDraft[] = [];
    for (const draft of [progress(9), quota("a", 9), quota("b", 7), progress(4), quota("a", 8)])
      mergeDraft(waiting, draft);
    expect(waiting).toEqual([
      { ...progress(4), data: { ...progress(4).data, percent: 9 } },
      quota("a", 8),
      quota("b", 7),
    ]);
  });
});
