import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Problem } from "../result/problem.ts";
import { parseCampaign } from "./parse-campaign.ts";

function problemsOf(value: unknown, options: Parameters<typeof parseCampaign>[1] = {}): readonly Problem[] {
  const parsed = parseCampaign(value, options);
  return parsed.ok ? [] : parsed.problems;
}

function told(value: unknown, options: Parameters<typeof parseCampaign>[1] = {}): string[] {
  return problemsOf(value, options).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("parseCampaign of hostile values", () => {
  it("gives problems for any JSON-like value and never throws", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withDate: true,
          withMap: true,
          withSet: true,
          withBigInt: true,
          withNullPrototype: true,
          withSparseArray: true,
          withTypedArray: true,
        }),
        (value) => {
          const parsed = parseCampaign(value);
          expect(parsed.ok ? 1 : parsed.problems.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("gives problems for any values under known keys and never throws", () => {
    const known = [
      "version",
      "name",
      "params",
      "source",
      "limits",
      "suppress",
      "scoring",
      "default_icp",
      "pushed_since",
    ];
    const section = fc.dictionary(
      fc.constantFrom(
        "language",
        "stars_range",
        "type",
        "faults",
        "weights",
        "topics",
        "max_repos",
        "__proto__",
        "constructor",
      ),
      fc.anything(),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...known), fc.oneof(section, fc.anything())), (value) => {
        const parsed = parseCampaign(value);
        expect(parsed.ok ? 1 : parsed.problems.length).toBeGreaterThan(0);
        if (parsed.ok) expect(parseCampaign(parsed.value)).toMatchObject({ ok: true, value: parsed.value });
      }),
      { numRuns: 500 },
    );
  });

  it("reads cycles, throwing getters, proxies and prototype keys as problems", () => {
    const cycle: Record<string, unknown> = {};
    cycle.params = cycle;
    expect(told(cycle)[0]).toContain('params.params: unknown key "params"');
    const trap = Object.defineProperty({}, "params", {
      enumerable: true,
      get: () => {
        throw new Error("boom");
      },
    });
    expect(told(trap)).toEqual(["params: cannot be read: looking at it fails"]);
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("boom");
        },
      },
    );
    expect(told(proxy)).toEqual([": cannot be read: looking at it fails"]);
    expect(told({ params: proxy, limits: { max_repos: 0 } })).toHaveLength(2);
    expect(told(JSON.parse('{"__proto__": {"params": 1}, "constructor": 1}'))).toHaveLength(2);
    expect(told(trap, { overrides: [{ path: ["limits", "max_repos"], value: 1 }] }).length).toBeGreaterThan(
      0,
    );
  });

  it("refuses a list or another object where a mapping is meant", () => {
    expect(told({ params: [] })).toEqual(["params: must be a mapping of params, found an empty list"]);
    expect(told({ params: new Map() })).toEqual(["params: must be a mapping of params, found a mapping"]);
    expect(told([1])[0]).toContain("found a list of 1");
    expect(told({ default_icp: { topics: [undefined] } })[0]).toContain(
      "default_icp.topics.0: must be a GitHub topic",
    );
    expect(told({ default_icp: { topics: { a: 1 } } })[0]).toContain("default_icp.topics: must be a list");
  });

  it("tells at most 50 problems and how many more there are", () => {
    const value = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key${index}`, index]));
    const problems = problemsOf(value);
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)?.message).toBe("and 99950 more problems");
    expect(problemsOf({ suppress: new Array(100_000).fill(7) })).toHaveLength(51);
    expect(told({ suppress: new Array(4_000_000_000) })).toHaveLength(1);
  });
});
