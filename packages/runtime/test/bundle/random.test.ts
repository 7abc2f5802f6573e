import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replayBundle } from "../../src/index.ts";
import { openPlace, runCampaignIn, smallCampaign, writeBundle } from "./bundle-place.ts";

const fault = fc.constantFrom(
  { fault: "bad_gateway", every: 5 },
  { fault: "socket_reset", every: 7 },
  { fault: "resource_limits", every: 3, operation: "history" },
  { fault: "resource_limits", every: 1, times: 1, operation: "people" },
  { fault: "not_found_ids", share: 0.15 },
  { fault: "empty_repository", share: 0.2 },
  { fault: "rate_limited", at: 4, reset_after_seconds: 60 },
);

const campaign = fc.record({
  source: fc.record({
    type: fc.constant("simulator"),
    seed: fc.nat(1_000),
    repositories: fc.integer({ min: 50, max: 160 }),
    mail: fc.constantFrom("simulator", "none"),
    faults: fc.array(fault, { maxLength: 2 }),
  }),
  params: fc.record({
    language: fc.constantFrom("Go", "Python"),
    stars_range: fc.constantFrom(">=5", "50..5000"),
    activity_days: fc.constantFrom(30, 365),
    target_leads: fc.constantFrom(1, 12, 1_000),
  }),
  limits: fc.record({
    people_per_repo: fc.integer({ min: 1, max: 6 }),
    max_repos: fc.integer({ min: 3, max: 60 }),
    max_requests: fc.constantFrom(5, 12, 500),
  }),
});

describe("any campaign", () => {
  it("replays to the same from both kinds of bundle, whoever is suppressed since", async () => {
    await fc.assert(
      fc.asyncProperty(campaign, fc.array(fc.nat(30), { maxLength: 3 }), async (config, unwanted) => {
        const runtime = openPlace();
        const jobId = await runCampaignIn(runtime, smallCampaign(config));
        const logins: string[] = [];
        for await (const { login } of runtime.engine.leads(jobId)) logins.push(login);
        const entries = unwanted
          .flatMap((at) => logins[at] ?? [])
          .map((value) => ({ kind: "login" as const, value }));
        await runtime.store.addSuppressed(await runtime.engine.hashSuppression(entries));
        for (const kind of ["full", "shared"] as const) {
          const { path } = await writeBundle(runtime, jobId, kind);
          expect((await replayBundle(path)).divergences, kind).toEqual([]);
        }
      }),
      { numRuns: 15 },
    );
  });
});
