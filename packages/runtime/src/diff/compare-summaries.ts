import type { JobDiff } from "@cmo/contract";
import type { RunSummary } from "@cmo/engine";
import { compareValues } from "./compare-values.ts";

/** How the summary moved from one job to the other. Best leads and files follow from the leads and are left out. */
export function compareSummaries(
  a: RunSummary,
  b: RunSummary,
): Pick<JobDiff, "summary" | "quota" | "warnings"> {
  return {
    summary: compareValues(outcomeOf(a), outcomeOf(b)),
    quota: compareValues(a.quota, b.quota),
    warnings: { onlyA: notesOf(a, b), onlyB: notesOf(b, a) },
  };
}

/** Whether they are the same but for what differs between two runs that found the same. */
export function isSameOutcome({ summary, warnings }: Pick<JobDiff, "summary" | "warnings">): boolean {
  // Data warnings are about what was found; all others about how the run went.
  return (
    summary.length === 0 &&
    ![...warnings.onlyA, ...warnings.onlyB].some(({ code }) => code.startsWith("data."))
  );
}

function outcomeOf({ status, partial, counts, targetLeads, targetMet, distributions }: RunSummary) {
  return { status, partial, targetLeads, targetMet, counts, distributions };
}

function notesOf(one: RunSummary, other: RunSummary): { code: string; message: string }[] {
  const known = new Set(other.warnings.map(({ code, message }) => JSON.stringify([code, message])));
  return one.warnings
    .filter(({ code, message }) => !known.has(JSON.stringify([code, message])))
    .map(({ code, message }) => ({ code, message }));
}
