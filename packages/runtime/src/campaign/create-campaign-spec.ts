import { type CampaignConfig, createJobSpec, type JobSpec, readSuppressEntry } from "@cmo/engine";
import type { Runtime } from "../runtime/create-runtime.ts";

/** How a campaign is resolved. */
export interface CampaignSpecOptions {
  config: CampaignConfig;
  /** Resolve and estimate only, whatever the config says. */
  dryRun?: boolean;
}

/**
 * The job spec of a campaign for a runtime: dates pinned at its clock, suppression hashed under its store's key.
 * @throws CmoError `config_invalid` for what only the whole campaign can tell.
 */
export async function createCampaignSpec(
  runtime: Pick<Runtime, "host" | "engine" | "agent">,
  { config, dryRun = false }: CampaignSpecOptions,
): Promise<JobSpec> {
  const written = Array.isArray(config.suppress) ? config.suppress : [];
  const entries = written.map(readSuppressEntry).filter((entry) => entry !== null);
  return createJobSpec(dryRun ? { ...config, features: { ...config.features, dry_run: true } } : config, {
    agent: runtime.agent,
    now: new Date(runtime.host.clock.now()),
    suppression: await runtime.engine.hashSuppression(entries),
  });
}
