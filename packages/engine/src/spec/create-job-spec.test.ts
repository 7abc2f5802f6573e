import { describe, expect, it } from "vitest";
import type { CampaignConfig } from "../config/campaign-config.ts";
import { goalVariables } from "../config/goal-template.ts";
import { parseCampaign } from "../config/parse-campaign.ts";
import { type CreateJobSpecOptions, createJobSpec } from "./create-job-spec.ts";
import type { JobSpec } from "./job-spec.ts";

const options: CreateJobSpecOptions = {
  agent: { name: "lead", version: "1.2.3", plan: () => ["discovery", "export"] },
  now: new Date("2030-06-15T12:00:00.000Z"),
};

function configOf(value: unknown): CampaignConfig {
  const parsed = parseCampaign(value);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

function specOf(value: unknown, more: Partial<CreateJobSpecOptions> = {}): JobSpec {
  return createJobSpec(configOf(value), { ...options, ...more });
}

describe("createJobSpec", () => {
  it("gives every value its built-in when the config says nothing", () => {
    expect(specOf({})).toMatchObject({
      v: 1,
      name: "campaign",
      icp: {
        languages: [],
        topics: [],
        excludeTopics: [],
        starsRange: { min: 100, max: null },
        activityDays: 90,
      },
      targetLeads: 50,
      asOf: "2030-06-15T12:00:00.000Z",
      pushedSince: "2030-03-17",
      source: { type: "github", concurrency: 2, mail: "dns" },
      limits: {
        maxRequests: null,
        maxRepos: 1000,
        peoplePerRepo: 5,
        commitsPerRepo: 100,
        deepHistory: false,
      },
      retries: { maxAttempts: 3, baseDelayMs: 1000, maxDelayMs: 60000 },
      suppress: [],
      dryRun: false,
      plan: ["discovery", "export"],
      agent: { name: "lead", version: "1.2.3" },
      configVersion: "1",
    });
  });

  it("S21 carries language, stars_range and target_leads from overrides into the spec", () => {
    const spec = specOf(
      { params: { language: "Rust" }, default_icp: { languages: ["Zig"], stars_range: "1..2" } },
      {
        overrides: [
          { path: ["language"], value: "Go" },
          { path: ["stars_range"], value: "500..5000" },
          { path: ["target_leads"], value: 50 },
        ],
      },
    );
    expect(spec.icp.languages).toEqual(["Go"]);
    expect(spec.icp.starsRange).toEqual({ min: 500, max: 5000 });
    expect(spec.targetLeads).toBe(50);
    expect(() => specOf({}, { overrides: [{ path: ["langauge"], value: "Go" }] })).toThrowError(
      expect.objectContaining({ code: "config_invalid", message: expect.stringContaining("--set.langauge") }),
    );
  });

  it("puts params over default_icp over the built-in values", () => {
    const icp = {
      languages: ["Go", "Rust"],
      topics: ["cli"],
      exclude_topics: ["demo"],
      stars_range: ">=7",
      activity_days: 30,
    };
    expect(specOf({ default_icp: icp }).icp).toEqual({
      languages: ["Go", "Rust"],
      topics: ["cli"],
      excludeTopics: ["demo"],
      starsRange: { min: 7, max: null },
      activityDays: 30,
    });
    const params = { language: "C++", stars_range: "..9", activity_days: 10 };
    expect(specOf({ default_icp: icp, params }).icp).toMatchObject({
      languages: ["C++"],
      starsRange: { min: 0, max: 9 },
      activityDays: 10,
    });
  });

  it("puts pushed_since over activity_days, and refuses a date that is still to come", () => {
    const spec = specOf({ params: { activity_days: 5 }, pushed_since: "2030-06-01" });
    expect(spec.pushedSince).toBe("2030-06-01");
    expect(spec.icp.activityDays).toBe(15);
    expect(specOf({ params: { activity_days: 5 } }).pushedSince).toBe("2030-06-10");
    expect(specOf({ pushed_since: "2030-06-15" }).icp.activityDays).toBe(1);
    expect(() => specOf({ pushed_since: "2030-06-17" })).toThrowError(
      expect.objectContaining({ code: "config_invalid" }),
    );
  });

  it("S22 renders every variable of the goal template", () => {
    const goal_template = goalVariables.map((name) => `${name}={{ ${name} }}`).join("; ");
    const spec = specOf({
      name: "go-cli",
      params: {
        language: "Go",
        stars_range: "500..5000",
        activity_days: 30,
        target_leads: 25,
        budget_per_day: 3,
      },
      default_icp: { topics: ["cli", "tui"], exclude_topics: ["demo"] },
      goal_template: `${goal_template}; again={{params.language}}`,
      source: "simulator",
      purpose: "hiring research",
      basis: "legitimate interest",
    });
    expect(spec.goal).toBe(
      "name=go-cli; language=Go; languages=Go; topics=cli, tui; exclude_topics=demo; stars_range=500..5000; activity_days=30; pushed_since=2030-05-16; target_leads=25; budget_per_day=3; source=simulator; purpose=hiring research; basis=legitimate interest; as_of=2030-06-15; again=Go",
    );
    expect(specOf({}).goal).toBe(
      "Find 50 people who keep any language projects with >=100 stars alive and may be contacted",
    );
  });

  it("S24 puts a dry run into the spec of its own job only", () => {
    const dry = specOf({ features: { dry_run: true } });
    const wet = specOf({ features: { dry_run: false } });
    expect([dry.dryRun, wet.dryRun, specOf({}).dryRun]).toEqual([true, false, false]);
  });

  it("overlays the weights that were given on the shipped ones", () => {
    const { scoring } = specOf({
      scoring: { version: 7, weights: { fit: { stars: 0 }, reachability: { role_address: -50 } } },
    });
    expect(scoring.version).toBe(7);
    expect(scoring.weights.fit).toEqual({ language_match: 20, topic_match: 10, stars: 0 });
    expect(scoring.weights.reachability.role_address).toBe(-50);
    expect(scoring.weights.activity.commits).toBe(15);
  });

  it("moves the delay that was not given out of the way of the one that was", () => {
    expect(specOf({ retries: { base_delay_ms: 120_000 } }).retries.maxDelayMs).toBe(120_000);
    expect(specOf({ retries: { max_delay_ms: 10 } }).retries.baseDelayMs).toBe(10);
  });

  it("resolves the simulator with its options", () => {
    expect(
      specOf({ source: { type: "simulator", seed: 4, faults: [{ fault: "slow", at: 2, delay_ms: 9 }] } })
        .source,
    ).toEqual({
      type: "simulator",
      concurrency: 2,
      mail: "simulator",
      seed: 4,
      repositories: 300,
      latencyMs: 0,
      faults: [{ fault: "slow", at: 2, delayMs: 9 }],
    });
  });

  it("refuses to make a spec that forgets whom the config suppresses", () => {
    expect(() => specOf({ suppress: ["ada"] })).toThrowError(
      expect.objectContaining({ code: "invariant_violated" }),
    );
    const suppression = [{ kind: "login" as const, hash: "a".repeat(64) }];
    expect(specOf({ suppress: ["ada"] }, { suppression }).suppress).toEqual(suppression);
    expect(specOf({ suppress: [] }).suppress).toEqual([]);
    const unread = { name: "x", suppress: "people.txt" };
    expect(() => createJobSpec(unread, { ...options, suppression: [] })).toThrowError(
      expect.objectContaining({ code: "invariant_violated" }),
    );
  });

  it("freezes the spec at every depth and leaves the config alone", () => {
    const config = configOf({
      default_icp: { topics: ["cli"] },
      source: { type: "simulator", faults: [{ fault: "slow", at: 1 }] },
    });
    const spec = createJobSpec(config, options);
    expect(
      Object.isFrozen(spec.icp.topics) &&
        Object.isFrozen(spec.scoring.weights.fit) &&
        Object.isFrozen(spec.plan),
    ).toBe(true);
    config.default_icp?.topics?.push("tui");
    expect(Object.isFrozen(config.source)).toBe(false);
    if (typeof config.source === "object") config.source.faults?.push({ fault: "redirect" });
    expect(spec.icp.topics).toEqual(["cli"]);
  });
});
