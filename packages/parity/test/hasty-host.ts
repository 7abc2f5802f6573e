import { type Clock, createClock } from "@cmo/engine";
import { seededRandom } from "@cmo/engine/testing";
import type { Host } from "@cmo/runtime";

/** The instant that every campaign of the matrix looks from, on every path. */
export const asOf = Date.parse("2026-11-01T09:30:00.000Z");

/** How much faster time goes, so that nobody waits for a quota of an hour. */
const haste = 100;

/**
 * A clock whose time goes fast, and begins at {@link asOf}. With a least sleep, what is done every tenth of a second is not
 * done every millisecond, which would be all that a database has time for.
 */
function createHastyClock(leastSleepMs: number): Clock {
  const begin = performance.now();
  return {
    now: () => Math.floor(asOf + (performance.now() - begin) * haste),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const timer = setTimeout(wake, Math.max(ms / haste, Math.min(ms, leastSleepMs)));
        signal?.addEventListener("abort", wake);
      }),
  };
}

/** A host on which time goes fast, with nothing in its environment and no network. */
export function createHastyHost(folder: string, leastSleepMs = 0): Host {
  return {
    // Every path asks for itself: an answer that another path was given would prove nothing.
    // An hour of lease is half a minute here: time to be held up in.
    env: { CMO_CACHE: "off", CMO_LEASE_MS: "3600000" },
    cwd: folder,
    home: folder,
    platform: "linux",
    clock: createHastyClock(leastSleepMs),
    random: seededRandom(1),
    fetch: () => Promise.reject(new TypeError("no network in this test")),
    runGh: async () => null,
    nodeVersion: process.versions.node,
  };
}

/** The same runtime for whoever makes specs and answers requests: the time stands at {@link asOf}, and waiting is real. */
export function standingStill<R extends { readonly host: Host }>(runtime: R): R {
  const { sleep } = createClock(globalThis);
  return { ...runtime, host: { ...runtime.host, clock: { now: () => asOf, sleep } } };
}
