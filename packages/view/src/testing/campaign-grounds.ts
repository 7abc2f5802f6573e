import type { EstimateGrounds } from "../estimate/estimate-grounds.ts";

/** What runs would have taught that looked like the log of `campaignLog`: a second of work for each stage's ten items. */
export const campaignGrounds: EstimateGrounds = {
  runs: 8,
  setupMs: 2_000,
  stages: [
    { id: "discovery", asks: true, msPerItem: 100, msPerFed: 0, items: 100 },
    { id: "extraction", asks: true, msPerItem: 100, msPerFed: 100, items: 0.8 },
    { id: "enrichment", asks: true, msPerItem: 100, msPerFed: 200, items: 2 },
    { id: "validation", asks: false, msPerItem: 0, msPerFed: 0, items: 1 },
    { id: "scoring", asks: false, msPerItem: 10, msPerFed: 10, items: 1 },
    { id: "export", asks: false, msPerItem: 500, msPerFed: 5, items: 0.01 },
  ],
  qualifiedPerItem: null,
  pageItems: 50,
  pointsPerMs: 0.001,
  requestsPerMs: 0.002,
  answerMs: 500,
  mostItems: null,
  mostRequests: null,
  mostPoints: null,
  timeoutMs: null,
  leastWorkMs: 30_000,
  mostWorkMs: 60_000,
  errors: Array.from({ length: 10 }, () => ({ runs: 8, p50: 0, p90: 0.3 })),
};
