import {
  type CampaignConfig,
  CmoError,
  createJobSpec,
  type JobSpec,
  parseJobSpec,
  readSuppressEntry,
} from "@cmo/engine";
import { parseCampaignValue } from "../config/parse-campaign-value.ts";
import { compareSpecs } from "../diff/compare-specs.ts";
import { campaignProblems } from "../service/campaign-problems.ts";
import { withSet } from "../service/read-config.ts";
import type { ServiceRuntime } from "../service/service-parts.ts";
import { configOfSpec } from "./config-of-spec.ts";
import { whatChangesAsk } from "./what-changes-ask.ts";

/** What a fork is made of. */
export interface ForkSpecOptions {
  readonly jobId: string;
  /** The parent's, with the limit of requests that a person gave it. */
  readonly spec: JobSpec;
  readonly set: readonly string[];
  readonly allowRequests: boolean;
}

/**
 * The spec of a fork: the parent's with values set over it, looking from the same instant. Whom the parent leaves out the
 * fork leaves out too. @throws CmoError `config_invalid` for a wrong value; `usage` for a key that needs new questions
 * when none are allowed, and for one that makes it another campaign.
 */
export async function forkSpec(
  { agent, engine }: Pick<ServiceRuntime, "agent" | "engine">,
  { jobId, spec, set, allowRequests }: ForkSpecOptions,
): Promise<JobSpec> {
  const now = new Date(spec.asOf);
  const config = configOfSpec(spec);
  const read = withSet(set, (overrides) => {
    const saysDays = overrides.some(({ path }) => path.at(-1) === "activity_days");
    return parseCampaignValue(saysDays ? { ...config, pushed_since: null } : config, { overrides, now });
  });
  if (!read.ok) throw campaignProblems(read.problems);

  const resolve = async (from: CampaignConfig, suppress: JobSpec["suppress"]): Promise<JobSpec> => {
    const resolved = createJobSpec({ ...from, suppress: [] }, { agent, now });
    // What was new to the job is new to its fork.
    const { onlyNew = resolved.onlyNew } = spec;
    const counting = resolved.onlyNew === undefined || onlyNew === undefined ? {} : { onlyNew };
    return { ...resolved, ...counting, asOf: spec.asOf, suppress };
  };
  const before = await resolve(config, spec.suppress);
  const after = await resolve(read.value, await leftOut(read.value));
  refuseQuestions(jobId, whatChangesAsk(compareSpecs(before, after)), allowRequests);

  const hasOwnGoal = before.goal !== spec.goal && read.value.goal_template === undefined;
  const forked = parseJobSpec({
    ...after,
    goal: hasOwnGoal ? spec.goal : after.goal,
    limits: { ...after.limits, maxRequests: allowRequests ? after.limits.maxRequests : 0 },
  });
  if (!forked.ok) throw campaignProblems(forked.problems);
  return forked.value;

  async function leftOut({ suppress }: CampaignConfig): Promise<JobSpec["suppress"]> {
    const written = Array.isArray(suppress) ? suppress : [];
    const entries = written.map(readSuppressEntry).filter((entry) => entry !== null);
    const known = new Set(spec.suppress.map(({ hash }) => hash));
    const more = (await engine.hashSuppression(entries)).filter(({ hash }) => !known.has(hash));
    return [...spec.suppress, ...more];
  }
}

function refuseQuestions(
  jobId: string,
  { asking, foreign }: ReturnType<typeof whatChangesAsk>,
  allowRequests: boolean,
): void {
  const problem = (message: string) => (key: string) => ({ path: key.split("."), message });
  if (foreign.length > 0) {
    throw new CmoError(
      "usage",
      `With another ${foreign.join(", ")}, what job ${jobId} was told is of no use.`,
      {
        hint: "Run it as a campaign of its own.",
        problems: foreign.map(problem("cannot be another one in a fork")),
      },
    );
  }
  if (allowRequests || asking.length === 0) return;
  throw new CmoError("usage", `A fork asks nothing, and another ${asking.join(", ")} may need new answers.`, {
    hint: "Let it ask with --allow-requests (allowRequests), or run it as a campaign of its own.",
    problems: asking.map(problem("may need answers that the job was not given")),
  });
}
