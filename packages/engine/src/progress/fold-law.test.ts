import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldProgress } from "./fold-progress.ts";
import { initialProgress } from "./initial-progress.ts";
import { mergeEvents } from "./merge-events.ts";
import { normalizeUpdate } from "./normalize-update.ts";
import type { Progress } from "./progress.ts";
import type { ReportedEvent } from "./progress-event.ts";
import { reduceProgress } from "./reduce-progress.ts";
import { cleanStageId } from "./stage-name.ts";

const count = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -2, max: 120 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(-0, 0.5, 10.7, 1e308, Number.MAX_SAFE_INTEGER, Number.NaN, Infinity),
  },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined, "7", true, [3], {}) },
);
const stageName = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom(
      "alpha",
      "alpha",
      "alpha",
      "beta",
      "beta",
      "Gamma ray",
      "gamma-ray",
      "delta",
      "ALPHA ",
      "__proto__",
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("unknown", " N/A", "-", "Completed", "", "paused", "un\u202eknown"),
  },
  { weight: 1, arbitrary: fc.nat(90).map((number) => `s${number}`) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 130 }) },
  { weight: 1, arbitrary: fc.anything() },
);
const text = fc.oneof(
  fc.constantFrom(
    "octo/cat",
    "slow",
    " slow ",
    "slow\u0007",
    "unknown",
    "done",
    "\ud83d\ude00".repeat(260),
    "\ud83d",
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.anything(),
);
const metricKey = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom("repos", "people", "gauge_depth", "rate_limit_remaining", "7", "toString"),
  },
  { weight: 1, arbitrary: fc.constantFrom("__proto__", "constructor", "prototype", "", "k".repeat(65)) },
  { weight: 1, arbitrary: fc.string({ maxLength: 70 }) },
);
const metrics = fc.oneof(
  { weight: 8, arbitrary: fc.dictionary(metricKey, count, { maxKeys: 6 }) },
  { weight: 1, arbitrary: fc.anything() },
);
const texts = fc.oneof(
  { weight: 8, arbitrary: fc.array(text, { maxLength: 4 }) },
  { weight: 1, arbitrary: text },
);
const update = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record(
      {
        stage: stageName,
        node: stageName,
        event: stageName,
        step: count,
        itemsProcessed: count,
        items_processed: count,
        itemsTotal: count,
        items_total: count,
        currentItem: text,
        current_item: text,
        metrics,
        warnings: texts,
        errors: texts,
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.anything({ withNullPrototype: true, withDate: true, withMap: true }) },
);
const plan = fc.array(fc.oneof(fc.constantFrom("alpha", "beta", "Gamma Ray", "unknown"), fc.string()), {
  maxLength: 8,
});

interface Run {
  readonly initial: Progress;
  readonly final: Progress;
  readonly events: readonly ReportedEvent[];
}

const run = fc.tuple(plan, fc.array(update, { maxLength: 24 })).map(([ids, updates]): Run => {
  const initial = deepFreeze(initialProgress(ids));
  const events: ReportedEvent[] = [];
  let final = initial;
  for (const raw of updates) {
    const normalized = normalizeUpdate(final, raw);
    if ((normalized.events.length === 0) !== (normalized.progress === final)) throw new Error("churn");
    expect(brokenRules(final, normalized.progress)).toEqual([]);
    final = deepFreeze(normalized.progress);
    events.push(...normalized.events);
  }
  return { initial, final, events };
});

describe("the fold law", () => {
  it("folding what updates became gives the state they led to, one by one and at once", () => {
    fc.assert(
      fc.property(run, ({ initial, final, events }) => {
        let reduced = initial;
        for (const event of events) {
          const next = deepFreeze(reduceProgress(reduced, deepFreeze(event)));
          if (next === reduced) throw new Error("an event that says nothing new");
          reduced = next;
        }
        expect(reduced).toStrictEqual(final);
        expect(foldProgress(initial, events)).toStrictEqual(final);
        expect(Object.keys(foldProgress(initial, events).metrics)).toEqual(Object.keys(final.metrics));
      }),
      { numRuns: 3000 },
    );
  });

  it("a log that was written down and read back folds to the same", () => {
    fc.assert(
      fc.property(run, ({ initial, final, events }) => {
        const readBack = JSON.parse(JSON.stringify(events));
        expect(readBack).toStrictEqual(events);
        expect(foldProgress(JSON.parse(JSON.stringify(initial)), readBack)).toStrictEqual(final);
        expect(JSON.parse(JSON.stringify(final))).toStrictEqual(final);
      }),
      { numRuns: 1000 },
    );
  });

  it("merging what may be merged keeps the state at every boundary and at the end", () => {
    let mergedAway = 0;
    fc.assert(
      fc.property(run, ({ initial, final, events }) => {
        let plain = initial;
        let merged = initial;
        let waiting: ReportedEvent[] = [];
        for (const event of events) {
          plain = reduceProgress(plain, event);
          if (event.type === "stage.progress" || event.type === "metrics") {
            const before = waiting.length;
            waiting = mergeInto(waiting, event);
            mergedAway += before + 1 - waiting.length;
            continue;
          }
          merged = reduceProgress(foldProgress(merged, waiting), event);
          waiting = [];
          expect(merged).toStrictEqual(plain);
        }
        expect(foldProgress(merged, waiting)).toStrictEqual(final);
      }),
      { numRuns: 2000 },
    );
    expect(mergedAway).toBeGreaterThan(100);
  });
});

/** Merges an event into the first waiting one that takes it, wherever that stands. */
function mergeInto(waiting: readonly ReportedEvent[], event: ReportedEvent): ReportedEvent[] {
  for (const [position, earlier] of waiting.entries()) {
    const merged = mergeEvents(earlier, event);
    if (merged !== null) return waiting.with(position, merged);
  }
  return [...waiting, event];
}

/** The rules that do not hold between a progress and the one that reports led to. */
function brokenRules(before: Progress, after: Progress): string[] {
  const entered = after.stages.filter(({ state }) => state !== "pending");
  const rules: Record<string, boolean> = {
    "percent never falls": after.percent >= before.percent,
    "percent is whole and below 100": Number.isInteger(after.percent) && after.percent < 100,
    "steps never fall": after.step >= before.step,
    "a step is a stage entered": after.step === entered.length,
    "total steps are the stages known": after.totalSteps === (after.stages.length || null),
    "at most 64 stages": after.stages.length <= 64,
    "at most 256 metrics": Object.keys(after.metrics).length <= 256,
    "one stage is active": entered.filter(({ state }) => state === "active").length <= 1,
    "ids are clean": after.stages.every(({ id }) => cleanStageId(id) === id),
    "done ≤ total": after.stages.every((stage) => stage.itemsProcessed <= (stage.itemsTotal ?? Infinity)),
    "counters never fall": before.stages.every(
      (stage, index) => stage.itemsProcessed <= (after.stages[index]?.itemsProcessed ?? -1),
    ),
    "metrics that count never fall": Object.entries(before.metrics).every(
      ([key, value]) => /^(gauge|rate_limit)_/.test(key) || value <= (after.metrics[key] ?? Number.NaN),
    ),
  };
  return Object.keys(rules).filter((rule) => !rules[rule]);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const entry of Object.values(value)) deepFreeze(entry);
  }
  return value;
}
