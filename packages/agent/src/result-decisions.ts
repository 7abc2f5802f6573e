import type { leadStages } from "./lead-agent.ts";

/** A decision that changed what the agent makes of the same answers. */
export interface ResultDecision {
  /** Grows by one with each; never given again. */
  readonly id: number;
  /** The version of the agent that decides so first. */
  readonly since: string;
  /** What is decided, in one sentence. */
  readonly title: string;
  /** The stages whose counts, warnings or files show it first. */
  readonly stages: readonly (typeof leadStages)[number][];
  /** Its record in `docs/decisions`; null for one that has none. */
  readonly record: string | null;
}

/**
 * All of them, in order. Whoever makes the agent come to something else on the same answers adds one and gives the agent
 * the version that it names: then a replay of an older run can tell what may have changed it.
 */
export const resultDecisions: readonly ResultDecision[] = [
  {
    id: 1,
    since: "1.0.0",
    title: "A job that was cancelled or has failed ends through validation, scoring and export.",
    stages: ["validation", "scoring", "export"],
    record: "0002-partial-end-is-the-same-run.md",
  },
  {
    id: 2,
    since: "1.0.0",
    title: "The best of all who were found are exported, not those who were found first.",
    stages: ["validation", "export"],
    record: "0003-contactable-leads-and-target.md",
  },
  {
    id: 3,
    since: "1.0.0",
    title: "A search goes on through windows of creation when its first thousand results do not suffice.",
    stages: ["discovery"],
    record: "0004-search-goes-on-in-windows.md",
  },
];

/** The last decision that an agent of this version knows of; 0 for one that is older than all. */
export function lastDecisionOf(
  version: string,
  decisions: readonly ResultDecision[] = resultDecisions,
): number {
  const known = decisions.filter(({ since }) => compareVersions(since, version) <= 0);
  return known.at(-1)?.id ?? 0;
}

/** By their numbers, from the left. What is no number counts as 0: a bundle may say anything. */
function compareVersions(one: string, other: string): number {
  const [left, right] = [one, other].map((version) =>
    version.split(".").map((part) => Number.parseInt(part, 10) || 0),
  );
  for (let index = 0; index < 3; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
