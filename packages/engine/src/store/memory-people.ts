import type { Clock } from "../port/clock.ts";
import type { Random } from "../port/random.ts";
import type { Store } from "../port/store.ts";
import { frozenCopy } from "./frozen-copy.ts";
import { lookUp, pageOf } from "./look-up.ts";
import type { MemoryState } from "./memory-state.ts";

type PeopleMethods = Pick<
  Store,
  | "suppressionKey"
  | "findSuppressed"
  | "addSuppressed"
  | "removeSuppressed"
  | "listSuppressed"
  | "readFirstSeen"
  | "noteFirstSeen"
  | "noteFiles"
  | "readFiles"
  | "forgetFiles"
>;

/** What a store in memory keeps outside of jobs: whom to leave alone, who was seen when, and which files it wrote. */
export function memoryPeople(
  { suppressed, firstSeen, files }: MemoryState,
  clock: Pick<Clock, "now">,
  random: Random,
): PeopleMethods {
  const suppressionKey = randomHex(random, 64);
  return {
    suppressionKey: async () => suppressionKey,
    findSuppressed: async (hashes) => new Set(hashes.filter((hash) => suppressed.has(hash))),
    async addSuppressed(entries) {
      for (const { kind, hash } of entries) {
        if (!suppressed.has(hash)) suppressed.set(hash, Object.freeze({ kind, hash, addedAt: clock.now() }));
      }
    },
    async removeSuppressed(hashes) {
      for (const hash of hashes) suppressed.delete(hash);
    },
    listSuppressed: async ({ after, limit }) =>
      pageOf(suppressed.values(), (entry) => entry.hash, after, limit),

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

    async noteFiles(noted) {
      for (const file of frozenCopy(noted)) files.set(file.path, file);
    },
    readFiles: async (jobId) =>
      pageOf(files.values(), (file) => file.path).filter((file) => file.jobId === (jobId ?? file.jobId)),
    async forgetFiles(paths) {
      for (const path of paths) files.delete(path);
    },
  };
}

function randomHex(random: Random, digits: number): string {
  let text = "";
  while (text.length < digits) text += Math.floor(random() * 16).toString(16);
  return text;
}
