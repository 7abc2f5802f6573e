import { createCampaignService, createNodeHost, openRuntime } from "@cmo/runtime";

/** Puts a campaign that has ended, with some hundred leads, and 30 that nobody works on, into a store. */
export async function fillStore(location) {
  const runtime = await openRuntime({ host: createNodeHost(), location });
  const service = createCampaignService(runtime, { tenant: "bench", configDirectory: null });
  const config = {
    name: "bench",
    params: { language: "Python", stars_range: ">=10", activity_days: 365, target_leads: 150 },
    source: { type: "simulator", seed: 7, repositories: 2_000 },
  };
  const { jobId } = await service.submit({ config });
  await runtime.engine.attend(jobId);
  for (let job = 0; job < 30; job += 1) await service.submit({ config });
  await runtime.close();
  return { jobId };
}
