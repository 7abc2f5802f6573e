import { defaultScoringWeights, formatStarsRange, jobSpecDefaults } from "@cmo/engine";

/** What a key of a campaign config is when nobody says, by its path. Keys that are not here have nothing then. */
export const keyDefaults: Readonly<Record<string, string | number | boolean>> = {
  goal_template: jobSpecDefaults.goalTemplate,
  only_new: false,
  "params.stars_range": formatStarsRange(jobSpecDefaults.starsRange),
  "params.activity_days": jobSpecDefaults.activityDays,
  "params.target_leads": jobSpecDefaults.targetLeads,
  source: jobSpecDefaults.sourceType,
  "source.concurrency": jobSpecDefaults.concurrency,
  "source.seed": jobSpecDefaults.seed,
  "source.repositories": jobSpecDefaults.repositories,
  "source.latency_ms": jobSpecDefaults.latencyMs,
  "limits.max_repos": jobSpecDefaults.maxRepos,
  "limits.people_per_repo": jobSpecDefaults.peoplePerRepo,
  "limits.commits_per_repo": jobSpecDefaults.commitsPerRepo,
  "limits.deep_history": false,
  "retries.max_attempts": jobSpecDefaults.maxAttempts,
  "retries.base_delay_ms": jobSpecDefaults.baseDelayMs,
  "retries.max_delay_ms": jobSpecDefaults.maxDelayMs,
  "features.dry_run": false,
  "schedule.time_zone": "UTC",
  "schedule.first_run": "now",
  "retention.days": jobSpecDefaults.retentionDays,
  ...Object.fromEntries(
    Object.entries(defaultScoringWeights).flatMap(([part, weights]) =>
      Object.entries(weights).map(([signal, points]) => [`scoring.weights.${part}.${signal}`, points]),
    ),
  ),
};
