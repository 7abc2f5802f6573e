import { openBundle } from "@cmo/bundle";
import { describe, expect, it } from "vitest";
import { replayBundle } from "../../src/bundle/replay-bundle.ts";
import { openPlace, runCampaignIn, smallCampaign, writeBundle } from "./bundle-place.ts";

const onlyNew = smallCampaign({ only_new: true });
const cutShort = smallCampaign({ only_new: true, limits: { max_requests: 9 } });

describe.each(["full", "shared"] as const)("The %s bundle of a run that exports only who is new", (kind) => {
  it.each([
    ["which knows people", onlyNew],
    ["which was cut short", cutShort],
  ])("comes to the same where nobody was exported before, %s", async (_what, config) => {
    const runtime = openPlace();
    await runCampaignIn(runtime, smallCampaign(), { jobId: "job_before" });
    const jobId = await runCampaignIn(runtime, config);
    const { onlyNew: known } = await runtime.engine.summary(jobId);
    expect(known).toMatchObject({ baselineJobId: "job_before", changed: 0 });
    expect(known?.known).toBeGreaterThan(config === onlyNew ? 3 : -1);
    const { path } = await writeBundle(runtime, jobId, kind);
    const { divergences, verdict } = await replayBundle(path);
    expect(divergences).toEqual([]);
    expect(verdict).toBe("identical");
    const bundle = await openBundle(path);
    const { baseline } = (await bundle.spec()).onlyNew ?? {};
    await bundle.close();
    if (kind === "full") expect(baseline?.jobId).toBe("job_before");
    else expect(JSON.stringify(baseline)).not.toMatch(/before|T(?!00:00:00)/);
  });

  it("comes to the same where there is no run before", async () => {
    const runtime = openPlace();
    const jobId = await runCampaignIn(runtime, onlyNew);
    const { path } = await writeBundle(runtime, jobId, kind);
    expect((await replayBundle(path)).divergences).toEqual([]);
  });
});
