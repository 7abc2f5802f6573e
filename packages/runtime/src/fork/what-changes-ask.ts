import type { Difference } from "@cmo/contract";

/** What the changes of a fork mean for what it must be told. */
export interface AskedChanges {
  /** Keys of the spec that may need answers that the parent was not given. */
  readonly asking: readonly string[];
  /** Keys that make the parent's answers those of another world. */
  readonly foreign: readonly string[];
}

/** Sorts changes of a spec, from the parent's to the fork's, by what they need. What is not known to be free asks. */
export function whatChangesAsk(changes: readonly Difference[]): AskedChanges {
  const foreign = changes.filter(({ key }) => foreignKeys.test(key));
  const asking = changes.filter(
    (change) => !foreign.includes(change) && !freeKeys.test(change.key) && !isNarrower(change),
  );
  return { asking: asking.map(({ key }) => key), foreign: foreign.map(({ key }) => key) };
}

/** Looked at after the answers are there, or about how a run goes and what is kept of it. */
const freeKeys =
  /^(?:name|goal|purpose|basis|suppress|scoring\..*|retries\..*|retention\.days|source\.(?:concurrency|latencyMs)|limits\.timeoutMinutes)$/;

/** Answers under the same id would be about other people, or from somebody else. */
const foreignKeys = /^(?:dryRun|schedule(?:\..*)?|source\.(?:type|seed|repositories|faults|mail))$/;

/** Less of the same, in the same order: what it needs is a beginning of what the parent was told. */
function isNarrower({ key, a, b }: Difference): boolean {
  const isBound = key === "targetLeads" || key === "limits.maxRepos";
  return isBound && typeof a === "number" && typeof b === "number" && b < a;
}
