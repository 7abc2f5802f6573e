import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldProgress } from "./fold-progress.ts";
import { initialProgress } from "./initial-progress.ts";
import { normalizeUpdate } from "./normalize-update.ts";
import type { Progress } from "./progress.ts";
import type { ProgressEvent } from "./progress-event.ts";
import { reduceProgress } from "./reduce-progress.ts";
import { cleanStageId } from "./stage-name.ts";

const event = (type: string, data: unknown = {}): ProgressEvent => ({ type, data });
const started = (stage: string) => event("stage.started", { stage });
const completed = (stage: string) => event("stage.completed", { stage });
const states = (progress: Progress) => progress.stages.map(({ id, state }) => `${id} ${state}`);

describe("a log that is not trusted", () => {
  const foreign = fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true });
  const types = [
    ...["queued", "started", "paused", "resumed", "retrying"].map((name) => `job.${name}`),
    ...["stage.started", "stage.progress", "stage.completed", "metrics", "log", "tool.started", "toString"],
  ];
  const field = fc.oneof(
    fc.constantFrom("alpha", "beta", "Alpha", "unknown", "-", "warning", "error", "done"),
    fc.integer({ min: -3, max: 300 }),
    fc.constantFrom(1e308, Number.NaN, -0, 99.9),
    fc.nat(80).map((number) => `s${number}`),
    foreign,
  );
  const names = [
    "stage",
    "itemsProcessed",
    "itemsTotal",
    "currentItem",
    "percent",
    "level",
    "message",
    "plan",
  ];
  const data = fc.oneof(
    { weight: 6, arbitrary: fc.dictionary(fc.constantFrom(...names), field) },
    { weight: 2, arbitrary: fc.dictionary(fc.string(), fc.double()).map((metrics) => ({ metrics })) },
    { weight: 1, arbitrary: foreign },
  );
  const ordinary = fc.record({ type: fc.constantFrom(...types), data });
  const ending = fc.constantFrom("job.completed", "job.failed", "job.cancelled").map((type) => event(type));
  const log = fc.array(fc.oneof({ weight: 30, arbitrary: ordinary }, { weight: 1, arbitrary: ending }), {
    maxLength: 60,
  });

  it("never throws, breaks no rule, and folds as it reduces", () => {
    fc.assert(
      fc.property(log, (events) => {
        const initial = initialProgress(["alpha", "beta"]);
        let progress = initial;
        for (const one of events) {
          const next = reduceProgress(progress, one);
          expectRules(progress, next);
          progress = next;
        }
        expect(foldProgress(initial, events)).toStrictEqual(progress);
      }),
      { numRuns: 3000 },
    );
  });

  it("what is no event, or cannot be read, changes nothing", () => {
    const progress = initialProgress(["alpha"]);
    const throwing = {
      get stage(): string {
        throw new Error("not for you");
      },
    };
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const nonsense: unknown[] = [null, undefined, 7, "stage.started", [], {}, { type: "stage.started" }];
    for (const value of [throwing, revoked.proxy, null, 7, "alpha", ["alpha"], { stage: ["alpha"] }]) {
      for (const type of ["stage.started", "stage.progress", "stage.completed", "metrics", "log"]) {
        nonsense.push({ type, data: value });
      }
    }
    for (const value of nonsense) {
      // @ts-expect-error what comes out of a broken log is not typed
      expect(reduceProgress(progress, value)).toBe(progress);
    }
  });

  it("what did not change keeps its identity", () => {
    const before = foldProgress(initialProgress(["alpha", "beta"]), [
      started("alpha"),
      event("metrics", { metrics: { a: 1 } }),
    ]);
    const after = reduceProgress(before, event("stage.progress", { stage: "alpha", itemsProcessed: 1 }));
    expect(after.metrics).toBe(before.metrics);
    expect(after.warnings).toBe(before.warnings);
    expect(after.stages[1]).toBe(before.stages[1]);
    expect(before.stages[0]).toMatchObject({ itemsProcessed: 0 });
    for (const idle of [
      event("tool.completed"),
      event("quota.waiting"),
      event("no.such.type"),
      started("alpha"),
    ]) {
      expect(reduceProgress(after, idle)).toBe(after);
    }
  });
});

describe("rule 5: item counters", () => {
  it("a start may tell the total", () => {
    const progress = reduceProgress(
      initialProgress([]),
      event("stage.started", { stage: "a", itemsTotal: 4 }),
    );
    expect(progress.stages).toEqual([{ id: "a", state: "active", itemsProcessed: 0, itemsTotal: 4 }]);
  });
});

describe("rule 8: warnings and errors", () => {
  it("every log event of the level counts, whatever its code, and info does not", () => {
    const log = [
      event("log", { level: "warning", code: "source.slow", message: " slow\u0000 " }),
      event("log", { level: "info", code: "agent.note", message: "hello" }),
      event("log", { level: "error", code: "agent.error", message: "boom" }),
    ];
    expect(foldProgress(initialProgress([]), log)).toMatchObject({ warnings: ["slow"], errors: ["boom"] });
  });
});

describe("rule 12: percent", () => {
  it("takes the greatest of what it has, what it computes and what the event carries", () => {
    let progress = reduceProgress(initialProgress(["a", "b"]), started("a"));
    const at = (itemsProcessed: number, percent: number) => {
      const data = { stage: "a", itemsProcessed, itemsTotal: 10, percent };
      progress = reduceProgress(progress, event("stage.progress", data));
      return progress.percent;
    };
    expect([at(4, 3), at(5, 30), at(5, 10), at(8, 0), at(8, 1e308)]).toEqual([20, 30, 30, 40, 99]);
  });

  it("is exact: 29 of 100 is 29, and one short of everything is not all", () => {
    for (let processed = 0; processed < 100; processed += 1) {
      const data = { stage: "a", itemsProcessed: processed, itemsTotal: 100 };
      const progress = foldProgress(initialProgress(["a"]), [started("a"), event("stage.progress", data)]);
      expect(progress.percent).toBe(processed);
    }
    const data = { stage: "a", itemsProcessed: 1e15 - 1, itemsTotal: 1e15 };
    const progress = foldProgress(initialProgress(["a", "b"]), [started("a"), event("stage.progress", data)]);
    expect(progress.percent).toBe(49);
    const thirds = ["a", "b", "c"].flatMap((stage) => [
      started(stage),
      event("stage.progress", { stage, itemsProcessed: 1, itemsTotal: 3 }),
    ]);
    expect(foldProgress(initialProgress([]), thirds).percent).toBe(33);
  });

  it("stays below 100 until the job is completed, and does not fall when the plan grows", () => {
    let progress = foldProgress(initialProgress(["a"]), [started("a"), completed("a")]);
    expect(progress.percent).toBe(99);
    progress = foldProgress(progress, [started("b"), started("c")]);
    expect(progress.percent).toBe(99);
    expect(reduceProgress(progress, event("job.completed")).percent).toBe(100);
  });

  it("a total of nothing counts as nothing until the stage is done", () => {
    const zero = event("stage.progress", { stage: "a", itemsProcessed: 0, itemsTotal: 0 });
    const progress = foldProgress(initialProgress(["a", "b"]), [started("a"), zero]);
    expect(progress.percent).toBe(0);
    expect(reduceProgress(progress, completed("a")).percent).toBe(50);
  });
});

describe("rule 13: job events", () => {
  it("set the status", () => {
    const moves: [string, string][] = [
      ["job.started", "running"],
      ["job.paused", "paused"],
      ["job.queued", "queued"],
      ["job.resumed", "running"],
      ["job.retrying", "queued"],
      ["job.failed", "failed"],
    ];
    let progress = initialProgress(["a"]);
    for (const [type, status] of moves) {
      progress = reduceProgress(progress, event(type));
      expect(progress.status).toBe(status);
    }
  });

  it("job.queued sets the stages of its plan, cleaned, as long as none was entered", () => {
    const queued = event("job.queued", { plan: ["Alpha", "alpha ", "unknown", "be ta", 7, "paused"] });
    const progress = reduceProgress(initialProgress([]), queued);
    expect(progress).toMatchObject({ totalSteps: 2, step: 0 });
    expect(states(progress)).toEqual(["alpha pending", "be_ta pending"]);
    expect(reduceProgress(progress, queued)).toBe(progress);
    const entered = reduceProgress(progress, started("alpha"));
    expect(reduceProgress(entered, event("job.queued", { plan: ["other"] }))).toBe(entered);
  });

  it("a completed job has no active stage, no current item and 100 %", () => {
    const item = event("stage.progress", { stage: "b", currentItem: "octo/cat" });
    const progress = foldProgress(initialProgress(["a", "b", "c"]), [started("a"), started("b"), item]);
    const end = reduceProgress(progress, event("job.completed"));
    expect(states(end)).toEqual(["a done", "b done", "c pending"]);
    expect(end).toMatchObject({ status: "completed", currentItem: null, percent: 100, step: 2 });
  });

  it.each(["job.failed", "job.cancelled"])("%s leaves the stages as they stand", (type) => {
    const item = event("stage.progress", {
      stage: "a",
      itemsProcessed: 1,
      itemsTotal: 2,
      currentItem: "octo/cat",
    });
    const progress = foldProgress(initialProgress(["a", "b"]), [started("a"), item]);
    const end = reduceProgress(progress, event(type));
    expect(end).toEqual({ ...progress, status: type.slice("job.".length) });
  });
});

describe("rule 14: overlapping stages", () => {
  it("a start completes nothing by itself, and the stage entered last is the current one", () => {
    const progress = foldProgress(initialProgress(["a", "b"]), [started("a"), started("b")]);
    expect(states(progress)).toEqual(["a active", "b active"]);
    expect(progress).toMatchObject({ stage: "b", step: 2 });
    const later = reduceProgress(progress, completed("a"));
    expect(states(later)).toEqual(["a done", "b active"]);
    expect(later).toMatchObject({ stage: "b", step: 2, percent: 50 });
  });

  it("a stage completed without a start was entered and done at once", () => {
    const progress = foldProgress(initialProgress(["a"]), [
      started("a"),
      completed("b"),
      completed("b"),
      started("b"),
    ]);
    expect(states(progress)).toEqual(["a active", "b done"]);
    expect(progress).toMatchObject({ stage: "b", step: 2, totalSteps: 2 });
  });

  it("a loose report after typed ones completes every stage it leaves", () => {
    const progress = foldProgress(initialProgress(["a", "b"]), [started("a"), started("b")]);
    const { events } = normalizeUpdate(progress, { stage: "c" });
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ["stage.completed", { stage: "a" }],
      ["stage.completed", { stage: "b" }],
      ["stage.started", { stage: "c" }],
    ]);
  });
});

it("S10 no placeholder is shown, steps and percent never fall, whatever the log says", () => {
  const names = ["unknown", "", " - ", "N/A", "completed", "\u202eunknown", "?"];
  const log = names.flatMap((stage) => [
    started(stage),
    completed(stage),
    event("stage.progress", { stage, percent: 50 }),
  ]);
  const progress = reduceProgress(initialProgress(["a", ...names]), started("a"));
  expect(foldProgress(progress, log)).toBe(progress);
  expect(states(progress)).toEqual(["a active"]);
  for (const currentItem of names.filter((name) => name !== "completed")) {
    const unreal = event("stage.progress", { stage: "a", currentItem });
    expect(reduceProgress(progress, unreal).currentItem).toBeNull();
  }
});

it.each(["job.completed", "job.failed", "job.cancelled"])("S12 after %s nothing changes any more", (type) => {
  const end = foldProgress(initialProgress(["a", "b"]), [event("job.started"), started("a"), event(type)]);
  const late = [
    ...["job.queued", "job.started", "job.retrying", "job.completed", "job.failed"].map((name) =>
      event(name),
    ),
    ...[started("b"), completed("a"), completed("c")],
    event("stage.progress", { stage: "a", itemsProcessed: 5, currentItem: "x", percent: 100 }),
    event("metrics", { metrics: { a: 1 } }),
    event("log", { level: "error", message: "late" }),
  ];
  for (const one of late) expect(reduceProgress(end, one)).toBe(end);
  expect(foldProgress(end, late)).toBe(end);
  const raw = { stage: "b", itemsProcessed: 5, metrics: { a: 1 }, warnings: ["late"], errors: ["late"] };
  expect(normalizeUpdate(end, raw)).toEqual({ progress: end, events: [] });
  expect(normalizeUpdate(end, raw).progress).toBe(end);
});

function expectRules(before: Progress, after: Progress): void {
  expect(after.percent).toBeGreaterThanOrEqual(before.percent);
  expect(Number.isInteger(after.percent)).toBe(true);
  expect(after.percent === 100).toBe(after.status === "completed");
  expect(after.step).toBeGreaterThanOrEqual(before.step);
  expect(after.step).toBe(after.stages.filter(({ state }) => state !== "pending").length);
  expect(after.totalSteps).toBe(after.stages.length || null);
  expect(after.stages.length).toBeLessThanOrEqual(64);
  expect(new Set(after.stages.map(({ id }) => id)).size).toBe(after.stages.length);
  expect(Object.keys(after.metrics).length).toBeLessThanOrEqual(256);
  expect(Object.values(after.metrics).every(Number.isFinite)).toBe(true);
  expect(Math.max(after.warnings.length, after.errors.length)).toBeLessThanOrEqual(100);
  for (const { id, itemsProcessed, itemsTotal } of after.stages) {
    expect(cleanStageId(id)).toBe(id);
    expect(itemsTotal === null || itemsProcessed <= itemsTotal).toBe(true);
  }
}
