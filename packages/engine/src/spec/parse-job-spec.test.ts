import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCampaign } from "../config/parse-campaign.ts";
import { type CreateJobSpecOptions, createJobSpec } from "./create-job-spec.ts";
import type { JobSpec } from "./job-spec.ts";
import { parseJobSpec } from "./parse-job-spec.ts";

function specOf(value: unknown, suppression?: CreateJobSpecOptions["suppression"]): JobSpec {
  const parsed = parseCampaign(value);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return createJobSpec(parsed.value, {
    agent: { name: "lead", version: "1.2.3", plan: () => ["discovery", "export"] },
    now: new Date("2030-06-15T12:00:00.000Z"),
    ...(suppression === undefined ? {} : { suppression }),
  });
}

describe("parseJobSpec", () => {
  const spec = specOf({ source: "simulator", suppress: ["ada"] }, [{ kind: "login", hash: "b".repeat(64) }]);

  function told(change: object): string[] {
    const parsed = parseJobSpec({ ...JSON.parse(JSON.stringify(spec)), ...change });
    return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
  }

  it("reads back what createJobSpec made, through JSON, frozen", () => {
    const faulty = specOf({
      source: {
        type: "simulator",
        faults: [{ fault: "secondary_limit", rate: 1, retry_after_seconds: null }],
      },
    });
    for (const each of [spec, specOf({}), faulty]) {
      const parsed = parseJobSpec(JSON.parse(JSON.stringify(each)));
      expect(parsed).toEqual({ ok: true, value: each, warnings: [] });
      expect(parsed.ok && Object.isFrozen(parsed.value.icp)).toBe(true);
    }
  });

  it.each([
    [{ targetLeads: 0 }, "targetLeads: must be a whole number from 1"],
    [{ goal: undefined }, "goal: is missing; give text of 1 to 4000 characters"],
    [{ goal: "  " }, "goal: must be text"],
    [{ icp: { ...spec.icp, starsRange: { min: 5, max: 1 } } }, "icp.starsRange: must be a range"],
    [
      { icp: { ...spec.icp, languages: ['Go" org:acme'] } },
      "icp.languages.0: must be the name of one language",
    ],
    [{ pushedSince: "2031-01-01" }, "pushedSince: must be a date up to asOf"],
    [{ plan: ["a", "a"] }, "plan: must be stages of which each is named once"],
    [{ target_leads: 5 }, 'target_leads: unknown key "target_leads"; did you mean "targetLeads"'],
    [{ suppress: [{ kind: "login", hash: "ada" }] }, "suppress.0.hash: must be a keyed hash"],
    [{ v: 2 }, "v: must be 1, found the number 2"],
    [{ source: { ...spec.source, type: "gitlab" } }, "source.type: must be"],
    [{ source: { type: "github", concurrency: 1, mail: "simulator" } }, "source.mail: must be dns or none"],
    [{ source: { type: "github", concurrency: 1, mail: "dns", seed: 1 } }, 'source.seed: unknown key "seed"'],
  ])("holds a spec from outside to the bounds of a config: %j", (change, message) => {
    expect(told(change).join("\n")).toContain(message);
  });

  it("S42 refuses a spec that says where requests go or what secret they carry", () => {
    expect(told({ source: { ...spec.source, baseUrl: "https://evil.example" } })[0]).toContain(
      "set GITHUB_API_URL",
    );
    expect(told({ source: { ...spec.source, token: "hunter2" } })[0]).toContain("set GITHUB_TOKEN");
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseJobSpec(value).ok).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(spec)), fc.anything(), (key, value) => {
        parseJobSpec({ ...spec, [key]: value });
      }),
    );
  });
});
