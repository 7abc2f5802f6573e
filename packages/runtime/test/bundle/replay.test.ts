import { openBundle, verifyBundle } from "@cmo/bundle";
import { describe, expect, it } from "vitest";
import { replayBundle } from "../../src/bundle/replay-bundle.ts";
import { openPlace, runCampaignIn, smallCampaign, writeBundle } from "./bundle-place.ts";

const simulator = (more: object) => ({ source: { type: "simulator", seed: 5, repositories: 120, ...more } });

describe("a bundle, replayed", () => {
  it.each([
    ["a small campaign", {}],
    ["a world of another seed", simulator({ seed: 11, repositories: 90 })],
    ["nothing to be found", { params: { stars_range: ">=900000" }, ...simulator({ repositories: 60 }) }],
    [
      "more wanted than there are",
      { params: { stars_range: ">=10", target_leads: 5_000 }, ...simulator({ repositories: 90 }) },
    ],
    [
      "faults on the way",
      simulator({
        faults: [
          { fault: "bad_gateway", every: 4 },
          { fault: "resource_limits", every: 3, operation: "history" },
        ],
      }),
    ],
    ["accounts that are gone", simulator({ faults: [{ fault: "not_found_ids", share: 0.2 }] })],
    ["mail that nobody looks at", simulator({ mail: "none" })],
    [
      "several topics, taken in turn",
      { default_icp: { topics: ["cli", "http"], exclude_topics: ["tutorial"] } },
    ],
    ["a dry run", { features: { dry_run: true } }],
    ["a token that lacks a scope", simulator({ faults: [{ fault: "missing_scope" }] })],
    ["a limit that ends it", { limits: { max_requests: 4 } }],
    ["a limit that ends it later", { limits: { max_requests: 9 } }],
  ])("comes to the same: %s", async (_what, config) => {
    const runtime = openPlace();
    const jobId = await runCampaignIn(runtime, smallCampaign(config));
    const { path, expectedFrom } = await writeBundle(runtime, jobId);
    expect(expectedFrom).toBe("run");
    const bundle = await openBundle(path);
    await verifyBundle(bundle);
    await bundle.close();
    const { divergences, verdict } = await replayBundle(path);
    expect(divergences).toEqual([]);
    expect(verdict).toBe("identical");
  });

  it("of a campaign with a schedule comes to the same, and runs nothing again", async () => {
    const runtime = openPlace();
    const schedule = { cron: "0 6 * * 1", time_zone: "Europe/Vienna" };
    const jobId = await runCampaignIn(runtime, smallCampaign({ schedule }));
    expect(await runtime.store.listJobs({ scheduled: true, limit: 9 })).toHaveLength(2);
    for (const kind of ["full", "shared"] as const) {
      const { path } = await writeBundle(runtime, jobId, kind);
      let specs = 0;
      const { verdict } = await replayBundle(path, {
        wrapAgent: (agent) => ({
          ...agent,
          run(spec, context) {
            specs += 1;
            expect(spec.schedule).toBeUndefined();
            return agent.run(spec, context);
          },
        }),
      });
      expect(verdict).toBe("identical");
      expect(specs).toBe(1);
    }
  });
});
