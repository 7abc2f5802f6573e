import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCampaignService, type Runtime, replayBundle } from "../../src/index.ts";
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

/** What happens to a run: it is left alone; it is cancelled when its log has so many events; its job is run again or forked. */
const fate = fc.record({
  cancelAfter: fc.option(fc.integer({ min: 1, max: 80 }), { nil: null, freq: 2 }),
  sequel: fc.constantFrom("nothing", "nothing", "retry", "fork"),
});

/** Bounded in every run, and for long with `CMO_TORTURE=1` (`pnpm torture`). */
const isLong = process.env.CMO_TORTURE === "1";
const seed = process.env.CMO_TORTURE_SEED;

describe("any campaign", () => {
  it(
    "replays to the same from both kinds of bundle, however it ended, whoever is suppressed since",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          campaign,
          fate,
          fc.array(fc.nat(30), { maxLength: 3 }),
          async (config, { cancelAfter, sequel }, unwanted) => {
            const runtime = openPlace();
            const first = await runCampaignIn(runtime, smallCampaign(config), { cancelAfter });
            const jobId = await goOn(runtime, first, sequel);
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
          },
        ),
        { numRuns: isLong ? 300 : 15, ...(seed === undefined ? {} : { seed: Number(seed) }) },
      );
    },
    isLong ? 3_600_000 : undefined,
  );
});

/** Runs a job once more where its end allows that, and gives the job that came of it. */
async function goOn(runtime: Runtime, jobId: string, sequel: string): Promise<string> {
  const { status } = (await runtime.engine.job(jobId)) ?? {};
  const service = createCampaignService(
    { ...runtime, leaseMs: 30_000 },
    { tenant: "local", configDirectory: null },
  );
  const next =
    sequel === "retry" && status !== "completed"
      ? await runtime.engine.retry(jobId)
      : sequel === "fork" && status === "completed"
        ? await service.fork(jobId, { set: ["scoring.weights.fit.stars=31", "target_leads=1"] })
        : null;
  if (next === null) return jobId;
  await runtime.engine.attend(next.id);
  return next.id;
}
