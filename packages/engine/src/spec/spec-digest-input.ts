import { canonicalJson } from "../json/canonical-json.ts";
import type { JobSpec } from "./job-spec.ts";

/**
 * The text whose digest names a spec. Equal for specs that give the same results on any store: it holds everything
 * that changes what a campaign finds or says, of suppression only how many entries of each kind there are (the hashes
 * are keyed per store), and nothing about how fast the work is done, how long it is kept, or when it is done again.
 */
export function specDigestInput(spec: JobSpec): string {
  const { suppress, retention: _retention, schedule: _schedule, source, retries, onlyNew, ...rest } = spec;
  const { concurrency: _concurrency, ...kept } = source;
  const suppressed: Record<string, number> = {};
  for (const { kind } of suppress) suppressed[kind] = (suppressed[kind] ?? 0) + 1;
  return canonicalJson({
    ...rest,
    source: "latencyMs" in kept ? { ...kept, latencyMs: undefined } : kept,
    retries: { maxAttempts: retries.maxAttempts },
    suppressed,
    // Which run it is differs between stores; that there is one does not.
    ...(onlyNew === undefined ? {} : { onlyNew: { hasBaseline: onlyNew.baseline != null } }),
  });
}
