import type { JobEvent } from "@cmo/engine";
import { buildLog } from "@cmo/engine/testing";

/** An event before it has its place in a log. */
export type Draft = Parameters<typeof buildLog>[0][number];

const plan = ["discovery", "extraction", "enrichment", "validation", "scoring", "export"];

/** The first events of a campaign. */
export const queued: Draft = {
  type: "job.queued",
  data: {
    goal: "Find 3 people \u202Ewho keep Go alive\u0007",
    plan,
    icp: null,
    specDigest: "0".repeat(64),
    targetLeads: 3,
    engineVersion: "0.0.0",
    agent: { name: "test", version: "1.0.0" },
  },
};

/** A stage that got so far. */
export function progressed(
  stage: string,
  done: number,
  total: number | null,
  item: string | null = null,
): Draft {
  return {
    type: "stage.progress",
    data: { stage, itemsProcessed: done, itemsTotal: total, currentItem: item, percent: 0 },
  };
}

/** The log of a campaign with overlapping stages, whose totals grow while it goes on, up to before its end. */
export function campaignLog(...end: readonly Draft[]): JobEvent[] {
  return buildLog([
    queued,
    { type: "job.started", data: { attempt: 1 } },
    { type: "stage.started", data: { stage: "discovery", itemsTotal: null } },
    {
      type: "quota.updated",
      data: { resource: "graphql", limit: 5000, remaining: 4999, resetAt: "2030-01-01T01:00:00.000Z" },
    },
    progressed("discovery", 50, 100),
    { type: "stage.started", data: { stage: "extraction", itemsTotal: 40 } },
    progressed("extraction", 10, 40, "works/compiler"),
    progressed("extraction", 40, 40, "works/編譯器"),
    { type: "stage.started", data: { stage: "enrichment", itemsTotal: 90 } },
    progressed("enrichment", 90, 90),
    progressed("discovery", 100, 100),
    progressed("extraction", 40, 80, "works/\u001B[2Jparser"),
    ...end,
  ]);
}

/** What is left of a campaign that comes to its end. */
export const completedEnd: readonly Draft[] = [
  ...plan.map((stage): Draft => ({ type: "stage.completed", data: { stage, counts: {} } })),
  { type: "job.completed", data: { targetMet: true } },
];

/** The end of one that fails. */
export const failedEnd: readonly Draft[] = [
  {
    type: "job.failed",
    data: { error: { code: "forbidden", message: "No", hint: null }, partial: false },
  },
];
