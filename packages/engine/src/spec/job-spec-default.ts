/** What a campaign gets where neither `params` nor `default_icp` nor any other key says otherwise. */
export const jobSpecDefaults = {
  goalTemplate:
    "Find {{ target_leads }} people who keep {{ language }} projects with {{ stars_range }} stars alive and may be contacted",
  starsRange: { min: 100, max: null },
  activityDays: 90,
  targetLeads: 50,
  sourceType: "github",
  concurrency: 2,
  seed: 1,
  repositories: 300,
  latencyMs: 0,
  maxRepos: 1_000,
  peoplePerRepo: 5,
  commitsPerRepo: 100,
  maxAttempts: 3,
  baseDelayMs: 1_000,
  maxDelayMs: 60_000,
  retentionDays: 90,
} as const;
