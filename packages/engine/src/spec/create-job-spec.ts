import type { CampaignOverride } from "../config/apply-overrides.ts";
import { type CampaignConfig, campaignConfigVersion } from "../config/campaign-config.ts";
import { renderTemplate } from "../config/goal-template.ts";
import { parseCampaign } from "../config/parse-campaign.ts";
import { defaultTimeZone } from "../config/schedule-rule.ts";
import { defaultScoringVersion, defaultScoringWeights } from "../config/scoring-config.ts";
import { formatStarsRange } from "../config/stars-range.ts";
import { CmoError } from "../error/cmo-error.ts";
import { activityWindow } from "./activity-window.ts";
import { type DeepReadonly, deepFreeze } from "./deep-freeze.ts";
import type { JobSpec } from "./job-spec.ts";
import { jobSpecDefaults } from "./job-spec-default.ts";
import { type GoalPart, movingGoal, movingValues } from "./moving-goal.ts";

/** What an agent must say of itself to have a spec made for it. */
export interface SpecAgent {
  readonly name: string;
  readonly version: string;
  /** The ids of its stages for this spec, in order; the spec it is given has an empty plan. */
  plan(spec: JobSpec): readonly string[];
}

/** What {@link createJobSpec} needs beside the config. */
export interface CreateJobSpecOptions {
  agent: SpecAgent;
  /** The instant that the campaign looks from; the windows of its dates are counted back from here. */
  now: Date;
  /** Values set over the config, as {@link parseCampaign} takes them. */
  overrides?: readonly CampaignOverride[];
  /** The config's `suppress` entries, hashed under the key of the store that the job goes to. */
  suppression?: readonly JobSpec["suppress"][number][];
}

/**
 * Resolves a campaign for one run: `params` over `default_icp` over built-in values, `pushed_since` over
 * `activity_days`, dates pinned, the goal rendered, the agent's plan taken. The spec is frozen and plain JSON.
 * @throws CmoError `config_invalid` when an override is wrong or `pushed_since` is after `now`; `invariant_violated`
 * when the config names whom to suppress and no hashes were given, or names a file that nobody read: a spec without
 * them would silently reach these people.
 */
export function createJobSpec(config: DeepReadonly<CampaignConfig>, options: CreateJobSpecOptions): JobSpec {
  const { agent, now, overrides = [], suppression } = options;
  const campaign = overrides.length === 0 ? config : override(config, overrides);
  if (typeof campaign.suppress === "string" || (campaign.suppress?.length && suppression === undefined)) {
    throw new CmoError(
      "invariant_violated",
      "The campaign suppresses people, and their hashes were not given.",
      {
        hint: "Read the file that suppress names, hash the entries under the store's key and pass them as suppression.",
      },
    );
  }
  const draft = resolve(campaign, agent, now, suppression ?? []);
  const plan = agent.plan(deepFreeze(draft));
  return deepFreeze({ ...draft, plan: [...plan] });
}

function override(
  config: DeepReadonly<CampaignConfig>,
  overrides: readonly CampaignOverride[],
): CampaignConfig {
  const parsed = parseCampaign(config, { overrides, allowFiles: true });
  if (parsed.ok) return parsed.value;
  const told = parsed.problems.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
  throw new CmoError("config_invalid", told);
}

function resolve(
  campaign: DeepReadonly<CampaignConfig>,
  agent: SpecAgent,
  now: Date,
  suppression: NonNullable<CreateJobSpecOptions["suppression"]>,
): JobSpec {
  const { params = {}, default_icp: icp = {}, limits = {} } = campaign;
  const languages = params.language === undefined ? (icp.languages ?? []) : [params.language];
  const starsRange = { ...(params.stars_range ?? icp.stars_range ?? jobSpecDefaults.starsRange) };
  const window = windowOf(campaign, now);
  const targetLeads = params.target_leads ?? jobSpecDefaults.targetLeads;
  const source = resolveSource(campaign.source ?? jobSpecDefaults.sourceType);
  const topics = [...new Set(icp.topics ?? [])];
  const excludeTopics = [...new Set(icp.exclude_topics ?? [])];
  const purpose = campaign.purpose ?? null;
  const basis = campaign.basis ?? null;
  const template = campaign.goal_template ?? jobSpecDefaults.goalTemplate;
  const values = {
    name: campaign.name,
    language: languages.length === 0 ? "any language" : languages.join(", "),
    languages: languages.length === 0 ? "any language" : languages.join(", "),
    topics: topics.length === 0 ? "any topic" : topics.join(", "),
    exclude_topics: excludeTopics.length === 0 ? "no topic" : excludeTopics.join(", "),
    stars_range: formatStarsRange(starsRange),
    target_leads: String(targetLeads),
    budget_per_day: String(params.budget_per_day ?? "no budget"),
    source: source.type,
    purpose: purpose ?? "no purpose given",
    basis: basis ?? "no basis given",
    ...movingValues(window),
  };
  const goal = renderTemplate(template, values);
  return {
    v: 1,
    name: campaign.name,
    goal: goal === "" ? campaign.name : goal,
    icp: {
      languages: [...new Set(languages)],
      topics,
      excludeTopics,
      starsRange,
      activityDays: window.activityDays,
    },
    targetLeads,
    ...(campaign.only_new === true ? { onlyNew: {} } : {}),
    asOf: window.asOf,
    pushedSince: window.pushedSince,
    source,
    limits: {
      maxRequests: limits.max_requests ?? null,
      maxPoints: limits.max_points ?? null,
      maxRepos: limits.max_repos ?? jobSpecDefaults.maxRepos,
      peoplePerRepo: limits.people_per_repo ?? jobSpecDefaults.peoplePerRepo,
      commitsPerRepo: limits.commits_per_repo ?? jobSpecDefaults.commitsPerRepo,
      deepHistory: limits.deep_history ?? false,
      timeoutMinutes: limits.timeout_minutes ?? null,
    },
    retries: resolveRetries(campaign.retries ?? {}),
    scoring: resolveScoring(campaign.scoring ?? {}),
    suppress: suppression.map(({ kind, hash }) => ({ kind, hash })),
    purpose,
    basis,
    retention: { days: campaign.retention?.days ?? jobSpecDefaults.retentionDays },
    ...resolveSchedule(campaign, movingGoal(template, values)),
    dryRun: campaign.features?.dry_run ?? false,
    plan: [],
    agent: { name: agent.name, version: agent.version },
    configVersion: campaignConfigVersion,
  };
}

function windowOf({ params, default_icp, pushed_since }: DeepReadonly<CampaignConfig>, now: Date) {
  const days = params?.activity_days ?? default_icp?.activity_days ?? jobSpecDefaults.activityDays;
  const isDated = pushed_since !== undefined && pushed_since !== null;
  return activityWindow(isDated ? { since: pushed_since } : { days }, now);
}

/** A dry run is made once. */
function resolveSchedule(
  { schedule, features }: DeepReadonly<CampaignConfig>,
  goal: readonly GoalPart[] | null,
): Pick<JobSpec, "schedule"> {
  if (schedule === undefined || schedule === null || features?.dry_run === true) return {};
  const written = typeof schedule === "string" ? { cron: schedule } : schedule;
  return {
    schedule: {
      cron: written.cron,
      timeZone: written.time_zone ?? defaultTimeZone,
      ...(written.first_run === "scheduled" ? { firstRun: "scheduled" } : {}),
      ...(goal === null ? {} : { goal }),
    },
  };
}

function resolveSource(written: NonNullable<DeepReadonly<CampaignConfig>["source"]>): JobSpec["source"] {
  const { type, ...options } = typeof written === "string" ? { type: written } : written;
  const concurrency = options.concurrency ?? jobSpecDefaults.concurrency;
  if (type === "github") return { type, concurrency, mail: options.mail ?? "dns" };
  return {
    type,
    concurrency,
    mail: options.mail ?? "simulator",
    seed: options.seed ?? jobSpecDefaults.seed,
    repositories: options.repositories ?? jobSpecDefaults.repositories,
    latencyMs: options.latency_ms ?? jobSpecDefaults.latencyMs,
    faults: (options.faults ?? []).map(resolveFault),
  };
}

function resolveFault(written: WrittenFault): SpecFault {
  const { delay_ms, retry_after_seconds, reset_after_seconds, ...same } = written;
  return withoutUndefined({
    ...same,
    delayMs: delay_ms,
    retryAfterSeconds: retry_after_seconds,
    resetAfterSeconds: reset_after_seconds,
  });
}

type WrittenSource = Exclude<NonNullable<DeepReadonly<CampaignConfig>["source"]>, string>;
type WrittenFault = NonNullable<WrittenSource["faults"]>[number];
type SpecFault = Extract<JobSpec["source"], { type: "simulator" }>["faults"][number];
type WithoutUndefined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

// JSON has no undefined, and a spec must come back from it as it went in.
function withoutUndefined<T extends object>(value: T): WithoutUndefined<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, item]) => item !== undefined),
  ) as WithoutUndefined<T>;
}

// One delay given without the other moves the other: nobody who asks for a first wait of two minutes means one minute.
function resolveRetries(written: NonNullable<DeepReadonly<CampaignConfig>["retries"]>): JobSpec["retries"] {
  const { base_delay_ms: base, max_delay_ms: most } = written;
  const baseDelayMs = base ?? Math.min(jobSpecDefaults.baseDelayMs, most ?? Number.POSITIVE_INFINITY);
  return {
    maxAttempts: written.max_attempts ?? jobSpecDefaults.maxAttempts,
    baseDelayMs,
    maxDelayMs: most ?? Math.max(jobSpecDefaults.maxDelayMs, baseDelayMs),
  };
}

function resolveScoring(written: NonNullable<DeepReadonly<CampaignConfig>["scoring"]>): JobSpec["scoring"] {
  const { fit, activity, reachability } = defaultScoringWeights;
  const { weights = {} } = written;
  return {
    version: written.version ?? defaultScoringVersion,
    weights: {
      fit: overlayWeights(fit, weights.fit),
      activity: overlayWeights(activity, weights.activity),
      reachability: overlayWeights(reachability, weights.reachability),
    },
  };
}

function overlayWeights<T extends Record<string, number>>(
  defaults: T,
  written: { readonly [Signal in keyof T]?: number | undefined } | undefined,
): T {
  const weights = { ...defaults };
  for (const signal of Object.keys(defaults) as (keyof T)[]) {
    weights[signal] = (written?.[signal] ?? defaults[signal]) as T[keyof T];
  }
  return weights;
}
