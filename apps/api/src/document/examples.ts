/** Requests that work as they stand, on a server that nobody has set up further; and what some of them answer. */
export const examples = {
  config: {
    name: "smoke",
    params: { language: "Python", stars_range: "100..2000", activity_days: 90, target_leads: 25 },
    source: "simulator",
  },
  yaml: `name: smoke
params:
  language: Python
  stars_range: 100..2000
  activity_days: 90
  target_leads: 25
source: simulator
`,
  suppressions: {
    entries: ["octocat", "id:MDQ6VXNlcjU4MzIzMQ==", "someone@works.example", "@works.example"],
  },
  submission: {
    jobId: "job_01q5vxfag0v9wgxp5ny4",
    name: "smoke",
    goal: "Find 25 people who keep Python projects with 100..2000 stars alive and may be contacted",
    targetLeads: 25,
    priority: 0,
    notBefore: null,
    createdAt: "2030-01-31T12:00:00.000Z",
    warnings: [],
  },
  erased: {
    dryRun: false,
    jobs: ["job_01q5vxfag0v9wgxp5ny4"],
    held: [],
    state: "done",
    files: { rewritten: 0, removed: 3, missing: 0, failed: 0 },
  },
} as const;
