import { parseCampaign } from "@cmo/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replayBundle } from "../../src/bundle/replay-bundle.ts";
import { createCampaignSpec, type Runtime } from "../../src/index.ts";
import { openPlace, runCampaignIn, smallCampaign, writeBundle } from "./bundle-place.ts";

describe("a run that did not come to its end", () => {
  it("replays as it was cancelled, wherever that was", async () => {
    const statuses = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (events) => {
        const runtime = openPlace();
        const jobId = await cancelAfter(runtime, events);
        const { path } = await writeBundle(runtime, jobId);
        const { divergences, manifest } = await replayBundle(path);
        statuses.add(manifest.status);
        expect(divergences).toEqual([]);
      }),
      { numRuns: 12, seed: 7 },
    );
    expect(statuses).toContain("cancelled");
  });

  it("replays when it was cancelled before anybody began", async () => {
    const runtime = openPlace();
    const spec = await specIn(runtime);
    await runtime.engine.submit(spec, { jobId: "job_bundled" });
    await runtime.engine.cancel("job_bundled");
    const { path } = await writeBundle(runtime, "job_bundled");
    expect((await replayBundle(path)).divergences).toEqual([]);
  });

  it("replays with the answers of the attempt before it", async () => {
    const runtime = openPlace();
    const jobId = await cancelAfter(runtime, 30);
    const again = await runtime.engine.retry(jobId);
    await runtime.engine.attend(again.id);
    const { path } = await writeBundle(runtime, again.id);
    const { divergences, manifest } = await replayBundle(path);
    expect(manifest.recording.jobs).toEqual([again.id, jobId]);
    expect(divergences).toEqual([]);
  });

  it("cannot be bundled before there is one", async () => {
    const runtime = openPlace();
    await runtime.engine.submit(await specIn(runtime), { jobId: "job_bundled" });
    await expect(writeBundle(runtime, "job_bundled")).rejects.toMatchObject({ code: "conflict" });
    await expect(writeBundle(runtime, "job_none")).rejects.toMatchObject({ code: "not_found" });
  });
});

const campaign = smallCampaign({ source: { type: "simulator", seed: 3, repositories: 90 } });

async function specIn(runtime: Runtime) {
  const parsed = parseCampaign(campaign);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return createCampaignSpec(runtime, { config: parsed.value });
}

/** Cancels a campaign as soon as its log has so many events. */
function cancelAfter(runtime: Runtime, events: number): Promise<string> {
  return runCampaignIn(runtime, campaign, { cancelAfter: events });
}
