/** Requests that work as they stand, on a server that nobody has set up further. */
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
} as const;
