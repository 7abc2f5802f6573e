import { type CampaignConfig, type JobSpec, windowLengthOf } from "@cmo/engine";

/**
 * A config that resolves to this spec when it is read on the day that the spec looks from; all but the goal, of which a
 * spec holds the words and not the template, those whom it leaves out, of whom it holds hashes, and the schedule, for
 * what is made of a job runs once.
 */
export function configOfSpec(spec: JobSpec): CampaignConfig {
  const { icp, limits, retries, scoring } = spec;
  const { fit, activity, reachability } = scoring.weights;
  const window = windowLengthOf(spec);
  return {
    name: spec.name,
    params: { target_leads: spec.targetLeads },
    default_icp: {
      languages: [...icp.languages],
      topics: [...icp.topics],
      exclude_topics: [...icp.excludeTopics],
      stars_range: { ...icp.starsRange },
      ...("days" in window ? { activity_days: window.days } : {}),
    },
    ...("since" in window ? { pushed_since: window.since } : {}),
    source: sourceOf(spec.source),
    limits: {
      // A job that may ask nothing is made by no config.
      max_requests: limits.maxRequests === 0 ? null : limits.maxRequests,
      max_points: limits.maxPoints,
      max_repos: limits.maxRepos,
      people_per_repo: limits.peoplePerRepo,
      commits_per_repo: limits.commitsPerRepo,
      deep_history: limits.deepHistory,
      timeout_minutes: limits.timeoutMinutes,
    },
    retries: {
      max_attempts: retries.maxAttempts,
      base_delay_ms: retries.baseDelayMs,
      max_delay_ms: retries.maxDelayMs,
    },
    scoring: {
      version: scoring.version,
      weights: { fit: { ...fit }, activity: { ...activity }, reachability: { ...reachability } },
    },
    ...(spec.onlyNew === undefined ? {} : { only_new: true }),
    features: { dry_run: spec.dryRun },
    purpose: spec.purpose,
    basis: spec.basis,
    retention: { days: spec.retention.days },
  };
}

function sourceOf(source: JobSpec["source"]): NonNullable<CampaignConfig["source"]> {
  if (source.type === "github") return { ...source };
  const { latencyMs, faults, ...same } = source;
  return {
    ...same,
    latency_ms: latencyMs,
    faults: faults.map(({ delayMs, retryAfterSeconds, resetAfterSeconds, ...rest }) => ({
      ...rest,
      ...(delayMs === undefined ? {} : { delay_ms: delayMs }),
      ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
      ...(resetAfterSeconds === undefined ? {} : { reset_after_seconds: resetAfterSeconds }),
    })),
  };
}
