import type { Digest } from "../port/digest.ts";

/**
 * A digest for tests: 64 hexadecimal digits that depend on every character and on the key, the same on every machine.
 * Not cryptographic: never use it outside of tests.
 */
export const testDigest: Digest = (key) => {
  const lanes = Array.from({ length: 8 }, (_, lane) => 0x811c9dc5 ^ Math.imul(lane + 1, 0x9e3779b1));
  const take = (text: string) => {
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      for (const [lane, value] of lanes.entries()) {
        const mixed = Math.imul(value ^ (code + lane), 0x01000193);
        lanes[lane] = mixed ^ (mixed >>> 13);
      }
    }
  };
  take(key === undefined ? "plain" : `key ${key}\n`);
  return {
    update: take,
    digest: () => lanes.map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join(""),
  };
};
