import type { Random } from "../port/random.ts";
import type { Store } from "../port/store.ts";
import { lookUp } from "./look-up.ts";
import type { MemoryState } from "./memory-state.ts";

type PeopleMethods = Pick<Store, "suppressionKey" | "findSuppressed" | "readFirstSeen" | "noteFirstSeen">;

/** What a run asks a store in memory about people: whom to leave alone, and who was seen when. */
export function memoryPeople({ suppressed, firstSeen }: MemoryState, random: Random): PeopleMethods {
  const suppressionKey = randomHex(random, 64);
  return {
    suppressionKey: async () => suppressionKey,
    findSuppressed: async (hashes) => new Set(hashes.filter((hash) => suppressed.has(hash))),
    readFirstSeen: async (campaign, nodeIds) =>
      lookUp(nodeIds, (nodeId) => firstSeen.get(campaign)?.get(nodeId)?.at),
    async noteFirstSeen(campaign, seen, keepUntil) {
      const known = firstSeen.get(campaign) ?? new Map();
      firstSeen.set(campaign, known);
      for (const [nodeId, at] of seen) {
        const before = known.get(nodeId) ?? { at, keepUntil };
        known.set(nodeId, { at: before.at, keepUntil: Math.max(before.keepUntil, keepUntil) });
      }
    },
  };
}

function randomHex(random: Random, digits: number): string {
  let text = "";
  while (text.length < digits) text += Math.floor(random() * 16).toString(16);
  return text;
}
