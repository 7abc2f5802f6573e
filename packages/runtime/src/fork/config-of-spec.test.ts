import { createJobSpec, parseCampaign } from "@cmo/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configOfSpec } from "./config-of-spec.ts";

const agent = { name: "leads", version: "1", plan: () => ["search", "export"] };
const now = new Date("2030-01-31T12:34:56.000Z");
const count = (most: number) => fc.integer({ min: 1, max: most });
const points = fc.integer({ min: -100, max: 100 });

const fault = fc.record(
  {
    fault: fc.constantFrom("slow", "bad_gateway", "secondary_limit", "rate_limited"),
    at: count(9),
    rate: fc.constantFrom(0, 0.5, 1),
    delay_ms: count(9),
    retry_after_seconds: fc.constantFrom(null, 3),
    reset_after_seconds: count(9),
  },
  { requiredKeys: ["fault"] },
);

const config = fc.record(
  {
    name: fc.constantFrom("one", "another: one"),
    params: fc.record(
      {
        language: fc.constantFrom("Go", "C++"),
        stars_range: fc.constantFrom(">=5", "..9", "5..9"),
        target_leads: count(99),
      },
      { requiredKeys: [] },
    ),
    default_icp: fc.record(
      {
        languages: fc.constantFrom(["Go", "Rust"], []),
        topics: fc.constantFrom(["cli"], []),
        exclude_topics: fc.constantFrom(["demo"], []),
        activity_days: count(3_650),
      },
      { requiredKeys: [] },
    ),
    pushed_since: fc.constantFrom(null, "2030-01-31", "2029-11-02", "2001-01-01"),
    source: fc.oneof(
      fc.constant("github" as const),
      fc.record(
        {
          type: fc.constant("simulator"),
          seed: count(9),
          repositories: fc.constant(50),
          latency_ms: count(9),
          mail: fc.constantFrom("none", "simulator"),
          concurrency: count(9),
          faults: fc.array(fault, { maxLength: 3 }),
        },
        { requiredKeys: ["type"] },
      ),
    ),
    limits: fc.record(
      {
        max_requests: fc.constantFrom(null, 5),
        max_points: count(9),
        max_repos: count(9),
        people_per_repo: count(9),
        commits_per_repo: count(9),
        deep_history: fc.boolean(),
        timeout_minutes: fc.constantFrom(null, 5),
      },
      { requiredKeys: [] },
    ),
    retries: fc.record(
      { max_attempts: count(9), base_delay_ms: count(9), max_delay_ms: fc.integer({ min: 10, max: 99 }) },
      { requiredKeys: [] },
    ),
    scoring: fc.record(
      {
        version: count(9),
        weights: fc.record(
          {
            fit: fc.record({ stars: points }, { requiredKeys: [] }),
            activity: fc.record({ recency: points }, { requiredKeys: [] }),
            reachability: fc.record({ website: points }, { requiredKeys: [] }),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    ),
    features: fc.constantFrom({}, { dry_run: true }),
    purpose: fc.constantFrom(null, "Interviews"),
    basis: fc.constantFrom(null, "Interest"),
    retention: fc.constantFrom({}, { days: 7 }),
  },
  { requiredKeys: ["name"] },
);

describe("The config of a spec", () => {
  it("resolves to that spec again, on the instant that it looks from", () => {
    fc.assert(
      fc.property(config, (written) => {
        const parsed = parseCampaign(written, { now });
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
        const spec = createJobSpec(parsed.value, { agent, now });
        const again = parseCampaign(configOfSpec(spec), { now });
        if (!again.ok) throw new Error(JSON.stringify(again.problems));
        expect(createJobSpec(again.value, { agent, now })).toEqual(spec);
      }),
      { numRuns: 400 },
    );
  });
});
