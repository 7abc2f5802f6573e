import { digestText, type Random } from "@cmo/engine";
import { nodeDigest } from "../host/node-digest.ts";

/** Numbers in [0, 1) that are the same for the same seed: 48 bits each, of a digest of the seed and their place. */
export function seededRandom(seed: string): Random {
  let drawn = 0;
  return () => {
    drawn += 1;
    return Number.parseInt(digestText(nodeDigest, `${seed} ${drawn}`).slice(0, 12), 16) / 2 ** 48;
  };
}
