import { describe, expect, it } from "vitest";
import { initialProgress } from "./initial-progress.ts";
import { normalizeUpdate } from "./normalize-update.ts";
import type { Progress } from "./progress.ts";

const report = (...updates: unknown[]): Progress =>
  updates.reduce<Progress>(
    (progress, raw) => normalizeUpdate(progress, raw).progress,
    initialProgress(["alpha", "beta"]),
  );

describe("rule 3: a transition", () => {
  it("puts its events in order, each with the state that was reached", () => {
    const raw = {
      errors: ["boom"],
      warnings: ["slow", "slower"],
      metrics: { repos: 2, people: "3" },
      stage: "beta",
      itemsProcessed: 5,
      itemsTotal: 10,
      currentItem: " octo/cat ",
    };
    const { events } = normalizeUpdate(report({ stage: "alpha" }), raw);
    expect(events).toEqual([
      { type: "stage.completed", data: { stage: "alpha" } },
      { type: "stage.started", data: { stage: "beta" } },
      {
        type: "stage.progress",
        data: { stage: "beta", itemsProcessed: 5, itemsTotal: 10, currentItem: "octo/cat", percent: 75 },
      },
      { type: "metrics", data: { metrics: { repos: 2 } } },
      { type: "log", data: { level: "warning", code: "agent.warning", message: "slow" } },
      { type: "log", data: { level: "warning", code: "agent.warning", message: "slower" } },
      { type: "log", data: { level: "error", code: "agent.error", message: "boom" } },
    ]);
  });
});

describe("rule 5: item counters", () => {
  it("the total may fall, but not below what is processed, and that alone is a change", () => {
    const progress = report({ stage: "alpha", itemsProcessed: 10, itemsTotal: 40 });
    const { progress: after, events } = normalizeUpdate(progress, { stage: "alpha", itemsTotal: 3 });
    expect(after.stages[0]).toMatchObject({ itemsProcessed: 10, itemsTotal: 10 });
    expect(events.map(({ type }) => type)).toEqual(["stage.progress"]);
  });

  it("more processed than the known total raises the total", () => {
    const progress = report({ stage: "alpha", itemsTotal: 3 }, { stage: "alpha", itemsProcessed: 5 });
    expect(progress.stages[0]).toMatchObject({ itemsProcessed: 5, itemsTotal: 5 });
  });

  it("−0 is 0, and what is no finite number does not count", () => {
    for (const value of [-0, Number.NaN, Infinity, -1, "7", null, [3], { valueOf: () => 3 }, 3n]) {
      const progress = report({ stage: "alpha", itemsProcessed: value, metrics: { gauge_a: value } });
      expect(progress.stages[0]).toStrictEqual({
        id: "alpha",
        state: "active",
        itemsProcessed: 0,
        itemsTotal: null,
      });
      expect(Object.values(progress.metrics).some((metric) => Object.is(metric, -0))).toBe(false);
    }
    expect(report({ stage: "alpha", itemsTotal: -0 }).stages[0]).toStrictEqual({
      id: "alpha",
      state: "active",
      itemsProcessed: 0,
      itemsTotal: 0,
    });
  });

  it("camelCase wins where both stand", () => {
    const progress = report({
      stage: "alpha",
      itemsProcessed: 2,
      items_processed: 9,
      itemsTotal: "x",
      items_total: 9,
    });
    expect(progress.stages[0]).toMatchObject({ itemsProcessed: 2, itemsTotal: null });
  });
});

describe("rule 6: the current item", () => {
  it("is cut by code points, trimmed again, and a placeholder replaces nothing", () => {
    const shown = (currentItem: unknown) => report({ stage: "alpha", currentItem }).currentItem;
    expect(shown("😀".repeat(300))).toBe("😀".repeat(200));
    expect(shown(`${"a".repeat(199)} b`)).toBe("a".repeat(199));
    expect(shown(`unknown${" ".repeat(300)}x`)).toBeNull();
    expect(shown("Failed")).toBe("Failed");
    expect(shown(" a\u0000/\u202eb ")).toBe("a/b");
    const progress = report({ stage: "alpha", currentItem: "page 1" });
    for (const currentItem of ["N/A", "", null, 7, ["x"], "page 1"]) {
      expect(normalizeUpdate(progress, { stage: "alpha", currentItem }).progress).toBe(progress);
    }
  });
});

describe("rule 7: metrics", () => {
  it("keys that reach a prototype, empty ones and long ones are dropped", () => {
    const metrics: unknown = JSON.parse(
      `{"__proto__":1,"constructor":2,"prototype":3,"":4,"${"k".repeat(65)}":5,"${"k".repeat(64)}":6,"toString":-1}`,
    );
    const progress = report({ metrics });
    expect(Object.entries(progress.metrics)).toEqual([
      ["k".repeat(64), 6],
      ["toString", -1],
    ]);
    expect(Object.getPrototypeOf(progress.metrics)).toBe(Object.prototype);
  });

  it("there are at most 256, and a full house still updates what it has", () => {
    const metrics = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`m${index}`, index]));
    const progress = report({ metrics }, { metrics: { m0: 7, new: 1 } });
    expect(Object.keys(progress.metrics)).toHaveLength(256);
    expect(progress.metrics).toMatchObject({ m0: 7, m255: 255 });
    expect(progress.metrics).not.toHaveProperty("new");
  });

  it("a gauge falls, a counter does not, and −0 is 0, also where a report renews every metric", () => {
    const fallen = report({ metrics: { gauge_a: 5, b: 5 } }, { metrics: { gauge_a: -0, b: 3 } });
    expect(fallen.metrics).toStrictEqual({ gauge_a: 0, b: 5 });
    expect(report({ metrics: { gauge_a: 5 } }, { metrics: { gauge_a: -0 } }).metrics).toStrictEqual({
      gauge_a: 0,
    });
    expect(report({ metrics: { a: 1, b: 2 } }, { metrics: { a: 2, b: Number.NaN } }).metrics).toEqual({
      a: 2,
      b: 2,
    });
    expect(report({ metrics: { a: 1, b: 2 } }, { metrics: { b: 3, a: 2 } }).metrics).toEqual({ a: 2, b: 3 });
  });

  it("a metrics field that is no object brings none", () => {
    const progress = report({});
    for (const metrics of [[1, 2], "a", 7, null, () => 1]) {
      expect(normalizeUpdate(progress, { metrics }).progress).toBe(progress);
    }
  });
});

describe("rule 8: warnings and errors", () => {
  it("are cleaned, cut, kept once, and at most 100 of each", () => {
    const many = Array.from({ length: 150 }, (_, index) => `warning ${index}`);
    expect(report({ warnings: many }).warnings).toEqual(many.slice(0, 100));
    const odd = ["", "  ", null, 7, ["nested"], " slow ", "slow", "sl\u0000ow", "😀".repeat(501), "unknown"];
    expect(report({ errors: odd }).errors).toEqual(["slow", "😀".repeat(500), "unknown"]);
  });

  it("what is no list brings none", () => {
    const progress = report({});
    for (const warnings of ["slow", { 0: "slow", length: 1 }, 7]) {
      expect(normalizeUpdate(progress, { warnings, errors: warnings }).progress).toBe(progress);
    }
  });
});

describe("a hostile report", () => {
  it("getters that throw hide their own field only, and no getter is asked twice", () => {
    let asked = 0;
    const raw = {
      get stage(): string {
        throw new Error("no");
      },
      get node(): string {
        asked += 1;
        return asked === 1 ? "alpha" : "beta";
      },
      metrics: {
        a: 1,
        get b(): number {
          throw new Error("no");
        },
        c: 3,
      },
      get warnings(): string[] {
        throw new Error("no");
      },
      errors: ["boom"],
    };
    expect(report(raw)).toMatchObject({ stage: "alpha", metrics: { a: 1, c: 3 }, errors: ["boom"] });
    expect(asked).toBe(1);
  });

  it("proxies that refuse, revoked ones and endless lists change nothing and do not hang", () => {
    const refuse = () => {
      throw new Error("no");
    };
    const refusing = new Proxy(
      {},
      { get: refuse, ownKeys: refuse, getOwnPropertyDescriptor: refuse, has: refuse },
    );
    const revoked = Proxy.revocable([], {});
    revoked.revoke();
    const endless: string[] = [];
    endless.length = 4_294_967_295;
    const progress = report({ stage: "alpha" });
    for (const value of [refusing, revoked.proxy, endless]) {
      expect(normalizeUpdate(progress, value).progress).toBe(progress);
      const raw = { stage: value, metrics: value, warnings: value, errors: value, currentItem: value };
      expect(normalizeUpdate(progress, raw).progress).toBe(progress);
    }
    expect(initialProgress(endless).stages).toEqual([]);
  });

  it("inherited fields are not the report's own", () => {
    const progress = report({});
    expect(normalizeUpdate(progress, Object.create({ stage: "alpha", metrics: { a: 1 } })).progress).toBe(
      progress,
    );
    const bare: unknown = Object.assign(Object.create(null), { stage: "alpha" });
    expect(normalizeUpdate(progress, bare).progress.stage).toBe("alpha");
  });

  it("a name of a million characters is one short id", () => {
    const progress = report({ stage: "Ab ".repeat(350_000), currentItem: "x".repeat(1_000_000) });
    expect(progress.stage).toBe("ab_".repeat(34).slice(0, 100));
    expect(progress.currentItem).toHaveLength(200);
  });

  it("keeps no part of the report and changes none", () => {
    const raw = { stage: "alpha", metrics: { a: 1, b: 2 }, warnings: ["slow"] };
    const copy = structuredClone(raw);
    const { progress, events } = normalizeUpdate(report({}), raw);
    expect(raw).toEqual(copy);
    raw.metrics.a = 99;
    raw.warnings.push("more");
    expect(progress).toMatchObject({ metrics: { a: 1, b: 2 }, warnings: ["slow"] });
    expect(events.find(({ type }) => type === "metrics")?.data).toEqual({ metrics: { a: 1, b: 2 } });
  });
});

it("S10 whatever an agent calls its stages, no placeholder shows and no step is lost", () => {
  const names = [
    "alpha",
    "unknown",
    "",
    "beta",
    null,
    "N/A",
    "alpha",
    "none",
    "paused",
    "\u0000",
    "beta",
    "?",
  ];
  let progress = initialProgress(["alpha", "beta"]);
  for (const stage of names) {
    const after = normalizeUpdate(progress, {
      stage,
      itemsProcessed: 1,
      currentItem: stage,
      step: 0,
    }).progress;
    expect(["alpha", "beta"]).toContain(after.stage);
    expect(after.step).toBeGreaterThanOrEqual(progress.step);
    expect(after.percent).toBeGreaterThanOrEqual(progress.percent);
    progress = after;
  }
  expect(progress).toMatchObject({ stage: "beta", step: 2, totalSteps: 2 });
});
