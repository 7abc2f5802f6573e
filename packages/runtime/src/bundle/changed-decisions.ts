import { lastDecisionOf, type ResultDecision } from "@cmo/agent";
import type { BundleManifest } from "@cmo/bundle";
import type { Divergence } from "./compare-outcomes.ts";

/**
 * Which decisions may be the reason that a replay parts from what is expected: those that the agent did not know which came
 * to it, and that show first in the stage where they part; all of them where that is in no stage.
 */
export function changedDecisions(
  first: Divergence | undefined,
  { run, expected }: Pick<BundleManifest, "run" | "expected">,
  decisions: readonly ResultDecision[],
): readonly ResultDecision[] {
  if (first === undefined) return [];
  const known = expected.decision ?? lastDecisionOf(run.agent.version, decisions);
  return decisions.filter(
    ({ id, stages }) => id > known && (first.stage === null || stages.some((stage) => stage === first.stage)),
  );
}
