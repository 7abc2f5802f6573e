import type { Difference } from "@cmo/contract";
import type { JobSpec } from "@cmo/engine";
import { compareValues } from "./compare-values.ts";

/**
 * The keys in which two specs differ. Of whom they leave out, only the numbers are told: a hash could be looked for
 * elsewhere.
 */
export function compareSpecs(a: JobSpec, b: JobSpec): Difference[] {
  const { suppress: leftOutA, ...restA } = comparable(a);
  const { suppress: leftOutB, ...restB } = comparable(b);
  const hashes = (suppress: JobSpec["suppress"]) => suppress.map(({ hash }) => hash).toSorted();
  const isSame = compareValues(hashes(leftOutA), hashes(leftOutB)).length === 0;
  return [
    ...compareValues(restA, restB),
    ...(isSame ? [] : [{ key: "suppress", a: countsOf(leftOutA), b: countsOf(leftOutB) }]),
  ];
}

/** Without what makes two runs of one schedule differ, and says nothing of what they do. */
function comparable(spec: JobSpec): JobSpec {
  const { cron, timeZone } = spec.schedule ?? {};
  return cron === undefined || timeZone === undefined ? spec : { ...spec, schedule: { cron, timeZone } };
}

/** Keys of a spec that decide who is asked about. */
export function searchKeys(differences: readonly Difference[]): string[] {
  return differences
    .map(({ key }) => key)
    .filter((key) => /^(icp|pushedSince|source\.(type|seed|repositories)|limits\.(?!timeout))/.test(key));
}

function countsOf(suppress: JobSpec["suppress"]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of suppress) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
