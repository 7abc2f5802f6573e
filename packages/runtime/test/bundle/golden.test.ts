import { describe, expect, it } from "vitest";
import { checkBundle, replayBundle } from "../../src/index.ts";

/**
 * Bundles that an earlier cmo wrote, of simulated campaigns. They are never written anew: a later reader must read them,
 * and the same answers must come to the same, as long as the agent's version is theirs.
 */
describe("a bundle of long ago", () => {
  it.each(["full-1.zip", "shared-1.zip", "full-2.zip"])(
    "is whole and replays to the same: %s",
    async (name) => {
      const path = new URL(`golden/${name}`, import.meta.url).pathname;
      expect((await checkBundle(path)).answers).toBeGreaterThan(20);
      expect((await replayBundle(path)).divergences).toEqual([]);
    },
  );
});
