import type { Job } from "../job/job.ts";
import type { Random } from "../port/random.ts";
import type { Store } from "../port/store.ts";
import { lookUp } from "./look-up.ts";
import type { MemoryState } from "./memory-state.ts";

type PeopleMethods = Pick<
  Store,
  "suppressionKey" | "findSuppressed" | "readFirstSeen" | "noteFirstSeen" | "readLastExport"
>;

/** What a run asks a store in memory about people: whom to leave alone, who was seen when, and by which run. */
export function memoryPeople({ jobs, suppressed, firstSeen }: MemoryState, random: Random): PeopleMethods {
  const suppressionKey = randomHex(random, 64);
  return {
    suppressionKey: async () => suppressionKey,
    findSuppressed: async (hashes) => new Set(hashes.filter((hash) => suppressed.has(hash))),
    readFirstSeen: async (campaign, nodeIds) =>
      lookUp(nodeIds, (nodeId) => {
        const found = firstSeen.get(campaign)?.get(nodeId);
        return found === undefined ? undefined : { at: found.at, exportedAt: found.exportedAt };
      }),
    async noteFirstSeen(campaign, seen, keepUntil) {
      const known = firstSeen.get(campaign) ?? new Map();
      firstSeen.set(campaign, known);
      for (const [nodeId, at] of seen) {
        const before = known.get(nodeId) ?? { at, exportedAt: null, keepUntil };
        known.set(nodeId, { ...before, keepUntil: Math.max(before.keepUntil, keepUntil) });
      }
    },
    async readLastExport(campaign, until) {
      let last: Job | null = null;
      for (const { job, exportedAs } of jobs.values()) {
        const endedAt = job.finishedAt ?? Number.POSITIVE_INFINITY;
        if (exportedAs !== campaign || endedAt > until) continue;
        // In the order in which they were made: of two that ended at once the newer stays.
        if (endedAt >= (last?.finishedAt ?? 0)) last = job;
      }
      return last;
    },
  };
}

function randomHex(random: Random, digits: number): string {
  let text = "";
  while (text.length < digits) text += Math.floor(random() * 16).toString(16);
  return text;
}
