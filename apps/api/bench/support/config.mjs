/** A small campaign, of which nobody works on anything. */
export const config = {
  name: "bench",
  params: { language: "Go", stars_range: "100..2000", activity_days: 90, target_leads: 5 },
  source: { type: "simulator", seed: 1, repositories: 100 },
};
