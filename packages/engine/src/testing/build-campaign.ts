import type { CampaignConfig } from "../config/campaign-config.ts";
import { parseCampaign } from "../config/parse-campaign.ts";
import { createJobSpec, type SpecAgent } from "../spec/create-job-spec.ts";
import { deepFreeze } from "../spec/deep-freeze.ts";
import type { JobSpec } from "../spec/job-spec.ts";

/** A campaign config for tests. `overrides` are keys of a config, as a person would write them. @throws Error when wrong. */
export function buildCampaign(overrides: Readonly<Record<string, unknown>> = {}): CampaignConfig {
  const parsed = parseCampaign({ name: "test", source: "simulator", ...overrides });
  if (parsed.ok) return parsed.value;
  throw new Error(parsed.problems.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"));
}

/** What {@link buildSpec} may be told: the agent that the spec is for, and top-level parts of the spec. */
export type SpecOverrides = Partial<Omit<JobSpec, "agent">> & { readonly agent?: SpecAgent };

/** A job spec for tests, as of 2030-01-01, for an agent called `test` with the stages `first`, `second` and `third`. */
export function buildSpec({ agent = testAgent, ...overrides }: SpecOverrides = {}): JobSpec {
  const now = new Date("2030-01-01T00:00:00.000Z");
  return deepFreeze({ ...createJobSpec(buildCampaign(), { agent, now }), ...overrides }) as JobSpec;
}

const testAgent: SpecAgent = { name: "test", version: "1.0.0", plan: () => ["first", "second", "third"] };
