import { describe, expect, it } from "vitest";
import { parseCampaign } from "../config/parse-campaign.ts";
import { type CreateJobSpecOptions, createJobSpec } from "./create-job-spec.ts";
import type { JobSpec } from "./job-spec.ts";
import { specDigestInput } from "./spec-digest-input.ts";

function specOf(value: unknown, suppression?: CreateJobSpecOptions["suppression"]): JobSpec {
  const parsed = parseCampaign(value);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return createJobSpec(parsed.value, {
    agent: { name: "lead", version: "1.2.3", plan: () => ["discovery", "export"] },
    now: new Date("2030-06-15T12:00:00.000Z"),
    ...(suppression === undefined ? {} : { suppression }),
  });
}

function baselineOf(jobId: string) {
  const at = `2030-06-1${jobId.at(-1)}T12:00:00.000Z`;
  return { jobId, startedAt: at, endedAt: at };
}

describe("specDigestInput", () => {
  it("is the same for the same campaign on stores with other keys, and for another speed", () => {
    const config = { source: { type: "simulator", concurrency: 1 }, suppress: ["ada"] };
    const one = specOf(config, [{ kind: "login", hash: "a".repeat(64) }]);
    const other = specOf(
      {
        ...config,
        source: { type: "simulator", concurrency: 9, latency_ms: 50 },
        retention: { days: 1 },
        retries: { base_delay_ms: 5 },
      },
      [{ kind: "login", hash: "b".repeat(64) }],
    );
    expect(specDigestInput(one)).toBe(specDigestInput(other));
    expect(specDigestInput(one)).not.toContain("a".repeat(64));
  });

  it("is the same whichever run it counts from: the same one has other ids elsewhere", () => {
    const spec = specOf({ source: "simulator", only_new: true });
    const [one, other] = ["job_1", "job_2"].map((jobId) =>
      specDigestInput({ ...spec, onlyNew: { baseline: baselineOf(jobId) } }),
    );
    expect(one).toBe(other);
  });

  it("differs where the outcome may differ", () => {
    const base = specDigestInput(specOf({ source: "simulator" }));
    for (const change of [
      { name: "other" },
      { params: { language: "Go" } },
      { source: { type: "simulator", seed: 2 } },
      { scoring: { weights: { fit: { stars: 1 } } } },
      { limits: { max_repos: 2 } },
      { features: { dry_run: true } },
      { only_new: true },
    ]) {
      expect(specDigestInput(specOf({ source: "simulator", ...change }))).not.toBe(base);
    }
    const [first, later] = [null, baselineOf("job_1")].map((baseline) =>
      specDigestInput({ ...specOf({ source: "simulator", only_new: true }), onlyNew: { baseline } }),
    );
    expect(first).not.toBe(later);
    const suppression = [{ kind: "login" as const, hash: "a".repeat(64) }];
    expect(specDigestInput(specOf({ source: "simulator" }, suppression))).not.toBe(base);
  });
});
