import { describe, expect, it } from "vitest";
import type { Problem } from "../result/problem.ts";
import { parseCampaign } from "./parse-campaign.ts";

const today = new Date("2030-06-15T12:00:00Z");

function problemsOf(value: unknown, options: Parameters<typeof parseCampaign>[1] = {}): readonly Problem[] {
  const parsed = parseCampaign(value, options);
  return parsed.ok ? [] : parsed.problems;
}

function told(value: unknown, options: Parameters<typeof parseCampaign>[1] = {}): string[] {
  return problemsOf(value, options).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

function configOf(value: unknown, options: Parameters<typeof parseCampaign>[1] = {}) {
  const parsed = parseCampaign(value, options);
  if (!parsed.ok) throw new Error(told(value, options).join("\n"));
  return parsed.value;
}

describe("parseCampaign", () => {
  it("takes an empty mapping, since every key has a built-in value", () => {
    expect(configOf({})).toEqual({ name: "campaign" });
  });

  it("names a campaign after its file when the config has no name", () => {
    expect(configOf({}, { fileName: "config/smoke.yaml" }).name).toBe("smoke");
    expect(configOf({}, { fileName: "C:\\work\\go.campaign.yml" }).name).toBe("go.campaign");
    expect(configOf({ name: "mine" }, { fileName: "config/smoke.yaml" }).name).toBe("mine");
  });

  it("S21 tells every problem at once, each with its path, what was found and what is allowed", () => {
    const problems = told({
      params: { langauge: "Go", stars_range: "many", target_leads: 0, activity_days: "90" },
      limits: { max_repos: 1.5 },
      colour: "red",
    });
    expect(problems).toEqual([
      'params.langauge: unknown key "langauge"; did you mean "language"? (allowed here: activity_days, budget_per_day, language, stars_range, target_leads)',
      'colour: unknown key "colour"; allowed here: basis, default_icp, features, goal_template, limits, name, only_new, params, purpose, pushed_since, retention, retries, schedule, scoring, source, suppress, version',
      'params.stars_range: must be a range of stars: "500..5000", ">=500", "..5000", [500, 5000] or { min: 500, max: 5000 }, found "many"',
      'params.activity_days: must be a whole number from 1 to 3650, found "90"; write it without quotes: 90',
      "params.target_leads: must be a whole number from 1 to 100000, found the number 0",
      "limits.max_repos: must be a whole number from 1 to 1000000, found the number 1.5".replace(
        "1000000",
        "100000",
      ),
    ]);
  });

  it("says where a key belongs that stands in the wrong place", () => {
    const [language, starsRange, weight] = problemsOf({
      language: "Go",
      starsrange: "1..2",
      scoring: { weights: { language_match: 3 } },
    });
    expect(language?.suggestion).toBe("params.language");
    expect(starsRange?.suggestion).toBe("params.stars_range");
    expect(weight?.suggestion).toBe("scoring.weights.fit.language_match");
  });

  it("finds the nearest signal for a misspelt weight", () => {
    const [problem] = problemsOf({ scoring: { weights: { fit: { langage_match: 3 } } } });
    expect(problem?.suggestion).toBe("language_match");
  });

  it("S21 asks for quotes where text is meant and a number was found", () => {
    const [problem] = problemsOf({ params: { language: 42 } });
    expect(problem?.message).toContain('found the number 42; put it in quotes: "42"');
    expect(problem?.suggestion).toBe('"42"');
  });

  it("S21 points to default_icp.languages when several languages are given as one", () => {
    expect(told({ params: { language: ["Go", "Rust"] } })).toEqual([
      "params.language: must be the name of one language as GitHub writes it, such as Go or C++ (several go in default_icp.languages), found a list of 2",
    ]);
  });

  it("S21 takes a section with nothing under it as no section, and refuses an empty value", () => {
    expect(configOf({ params: null, limits: null })).toEqual({ name: "campaign" });
    expect(told({ params: { language: null } })[0]).toContain("is empty; give the name of one language");
    expect(told(null)[0]).toContain("is empty; give a mapping");
  });

  it("S21 takes a date as text and as a Date object, and refuses a day that does not exist", () => {
    expect(configOf({ pushed_since: "2030-01-31" }).pushed_since).toBe("2030-01-31");
    expect(configOf({ pushed_since: new Date("2030-01-31T00:00:00Z") }).pushed_since).toBe("2030-01-31");
    expect(told({ pushed_since: "2030-02-30" })[0]).toContain("a date that exists");
    expect(told({ pushed_since: 20300131 })[0]).toContain("a date that exists");
    expect(told({ pushed_since: new Date(Number.NaN) })[0]).toContain("a date that exists");
    expect(told({ pushed_since: "2030-06-16" }, { now: today })[0]).toContain("up to today (2030-06-15)");
  });

  it.each([
    ["500..5000", 500, 5000],
    [" 500 .. 5000 ", 500, 5000],
    [">=500", 500, null],
    [">500", 501, null],
    ["<=500", 0, 500],
    ["<500", 0, 499],
    ["..5000", 0, 5000],
    ["500..", 500, null],
    ["500..*", 500, null],
    [[500, 5000], 500, 5000],
    [[500, null], 500, null],
    [{ min: 500, max: 5000 }, 500, 5000],
    [{ min: 500 }, 500, null],
    [{ max: 5000 }, 0, 5000],
  ])("reads the range of stars %j", (written, min, max) => {
    expect(configOf({ params: { stars_range: written } }).params?.stars_range).toEqual({ min, max });
  });

  const noRanges = [
    "",
    "..",
    "*..*",
    "5000..500",
    "<0",
    "1..2..3",
    "-1..5",
    500,
    [5, 1],
    {},
    "99999999..",
    { min: 2, max: 1 },
  ];
  it.each(noRanges.map((written) => ({ written })))("refuses the range of stars $written", ({ written }) => {
    expect(told({ params: { stars_range: written } })[0]).toContain(
      "params.stars_range: must be a range of stars",
    );
  });

  it("S22 refuses an unknown variable in the goal template and lists the known ones", () => {
    const [problem] = problemsOf({ goal_template: "Find {{ langage }} people, {{ target_leads }} of them" });
    expect(problem?.path).toEqual(["goal_template"]);
    expect(problem?.message).toContain(
      'unknown variable "langage"; did you mean "language"? (known: name, language,',
    );
    expect(told({ goal_template: "Find {{ language" })[0]).toContain('unknown variable "{{ language"');
    expect(told({ goal_template: "Find {{ language | upper }}" })[0]).toContain("unknown variable");
    expect(told({ goal_template: "Find {{ }}" })[0]).toContain('unknown variable ""');
    expect(told({ goal_template: "  \n " })[0]).toContain("must be text");
  });

  it("S23 warns about every key that is accepted without effect", () => {
    const parsed = parseCampaign({
      params: { budget_per_day: 5, activity_days: 30 },
      default_icp: { activity_days: 60 },
      pushed_since: "2030-01-01",
      source: { type: "github", seed: 1, latency_ms: 5 },
    });
    expect(parsed.ok && parsed.warnings.map(({ path }) => path.join("."))).toEqual([
      "params.budget_per_day",
      "params.activity_days",
      "default_icp.activity_days",
      "source.seed",
      "source.latency_ms",
    ]);
    const faults = [{ fault: "slow", delay_ms: 5, share: 0.5, retry_after_seconds: null }];
    const faulty = parseCampaign({ source: { type: "simulator", faults } });
    expect(faulty.ok && faulty.warnings.map(({ path }) => path.join("."))).toEqual([
      "source.faults.0.retry_after_seconds",
      "source.faults.0.share",
    ]);
    expect(parsed.ok && parsed.warnings[0]?.message).toContain("nothing here costs money");
  });

  it("S42 refuses to be told where requests go or what secret they carry", () => {
    for (const key of ["base_url", "api_url", "baseUrl", "graphql_url", "url", "host"]) {
      const [problem] = problemsOf({ source: { type: "github", [key]: "https://evil.example/" } });
      expect(problem?.suggestion).toBe("GITHUB_API_URL");
      expect(problem?.message).not.toContain("evil");
    }
    for (const key of ["token", "github_token", "api_key"]) {
      const [problem] = problemsOf({ source: { type: "github", [key]: "hunter2hunter2" } });
      expect(problem?.suggestion).toBe("GITHUB_TOKEN");
      expect(problem?.message).not.toContain("hunter2");
    }
    expect(problemsOf({ api_url: "https://evil.example" })[0]?.suggestion).toBe("GITHUB_API_URL");
  });

  it("shows no token and no address of a person in what it found", () => {
    expect(told({ source: `ghp_${"a1".repeat(18)}` })[0]).toContain("found what looks like a token");
    const [message] = told({ suppress: ["a person <ada@home.example>"] });
    expect(message).toContain("…@home.example");
    expect(message).not.toContain("ada");
  });

  it("names the nearest source and the problems inside a source's options", () => {
    expect(problemsOf({ source: "gihub" })[0]?.suggestion).toBe("github");
    expect(told({ source: { type: "simulator", seed: "x", faults: [{ rate: 2 }] } })).toEqual([
      expect.stringMatching(/^source\.faults\.0\.fault: is missing; give one of bad_gateway/),
      'source.seed: must be a whole number from 0 to 4294967295, found "x"',
      "source.faults.0.rate: must be a share from 0 to 1, found the number 2",
    ]);
    expect(told({ source: {} })[0]).toBe("source.type: is missing; give simulator or github");
    expect(told({ source: { type: "github", mail: "simulator" } })[0]).toContain("source.mail");
  });

  it("refuses a delay that is longer than the longest", () => {
    expect(told({ retries: { base_delay_ms: 10, max_delay_ms: 5 } })[0]).toContain("retries.base_delay_ms");
  });

  it("lets only a caller who reads files name a suppression file", () => {
    expect(told({ suppress: "people.txt" })[0]).toContain("suppress: must be a list of entries here");
    expect(configOf({ suppress: "people.txt" }, { allowFiles: true }).suppress).toBe("people.txt");
    expect(told({ suppress: ["fine", "@ambiguous"] })[0]).toContain("suppress.1: must be a login");
    expect(told({ suppress: [12345] })[0]).toContain('put it in quotes: "12345"');
  });

  it("applies overrides before reading, and marks their problems as the --set's", () => {
    const overrides = [
      { path: ["language"], value: "Go" },
      { path: ["stars_range"], value: "500..5000" },
      { path: ["limits", "max_repos"], value: 7 },
      { path: ["source", "seed"], value: 9 },
    ];
    const config = configOf({ params: { language: "Rust" }, source: "simulator" }, { overrides });
    expect(config.params).toEqual({ language: "Go", stars_range: { min: 500, max: 5000 } });
    expect(config.limits).toEqual({ max_repos: 7 });
    expect(config.source).toEqual({ type: "simulator", seed: 9 });
    const problems = told(
      { params: { target_leads: -1 } },
      { overrides: [{ path: ["language"], value: 42 }] },
    );
    expect(problems[0]).toContain("--set.params.language: must be the name of one language");
    expect(problems[1]).toContain("params.target_leads: must be");
  });

  it("reads what it gave as the same again", () => {
    const config = configOf({
      version: 1,
      params: { language: "C++", stars_range: ">=10" },
      default_icp: { topics: ["cli"], stars_range: [1, 2] },
      source: { type: "simulator", faults: [{ fault: "slow", rate: 0.5, delay_ms: 9 }] },
    });
    expect(configOf(config)).toEqual(config);
  });

  it("S21 tells the problems of all overrides, also when one of them names no key", () => {
    const parsed = parseCampaign(
      { name: "x" },
      {
        overrides: [
          { path: ["target_leads"], value: "many" },
          { path: ["limits", "max_reqests"], value: 3 },
          { path: ["params", "activity_days"], value: -1 },
        ],
      },
    );
    const paths = parsed.ok ? [] : parsed.problems.map(({ path }) => path.at(-1)).sort();
    expect(paths).toEqual(["activity_days", "max_reqests", "target_leads"]);
  });
});
