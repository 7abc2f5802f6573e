import type { Estimate, JobSpec } from "@cmo/engine";
import { searchPageSize } from "./discovery/search-cursor.ts";
import { searchQueries } from "./discovery/search-query.ts";

/** Sizes that the source starts with: repositories per history request, people per profile request. */
const historyBatch = 10;
const peopleBatch = 100;

/** What a campaign will take, before anything is asked: from few repositories needed to all that the limits allow. */
export function estimateCampaign(spec: JobSpec): Estimate {
  const searches = searchQueries(spec).length;
  const most = spec.limits.maxRepos;
  const perRepository = spec.limits.peoplePerRepo;
  // Between one in two and one in ten of the people found may be contacted.
  const few = Math.min(most, Math.ceil(spec.targetLeads / (perRepository * 0.5)));
  const many = Math.min(most, Math.ceil(spec.targetLeads / (perRepository * 0.1)));
  const low = requestsFor(few, perRepository, searches);
  const high = Math.min(
    requestsFor(many, perRepository, searches),
    spec.limits.maxRequests ?? Number.POSITIVE_INFINITY,
  );
  const [fastMs, slowMs] =
    spec.source.type === "simulator" ? [spec.source.latencyMs, spec.source.latencyMs] : [300, 2_000];
  const duration = (requests: number, ms: number) => Math.ceil((requests * ms) / spec.source.concurrency);
  return {
    requests: { low: Math.min(low, high), high },
    // One point for each of these requests, by the formula; a history page of ten repositories may be rounded up.
    points: { low: Math.min(low, high), high: Math.ceil(high * 1.3) },
    durationMs: { low: duration(Math.min(low, high), fastMs), high: duration(high, slowMs) },
    assumptions: [
      `one in two to one in ten of the people found may be contacted, ${perRepository} people per repository`,
      `${searchPageSize} repositories a search page, ${historyBatch} a history request, ${peopleBatch} people a profile request`,
      spec.source.type === "simulator"
        ? `the simulator answers in ${spec.source.latencyMs} ms, ${spec.source.concurrency} at once`
        : `an answer takes 0.3 to 2 s, ${spec.source.concurrency} at once; waiting for a used-up quota comes on top`,
    ],
  };
}

function requestsFor(repositories: number, peoplePerRepository: number, searches: number): number {
  const pages = Math.max(searches, Math.ceil(repositories / searchPageSize));
  const looked = Math.max(repositories, searchPageSize);
  const preflight = 2;
  return (
    preflight +
    pages +
    Math.ceil(looked / historyBatch) +
    Math.ceil((looked * peoplePerRepository) / peopleBatch) +
    pages
  );
}
