import { createClock } from "@cmo/engine";
import { seededRandom } from "@cmo/engine/testing";
import type { Host } from "../../src/host/host.ts";

/** A host with an empty environment, without a network and without `gh`; time is real. */
export function testHost(overrides: Partial<Host> = {}): Host {
  return {
    env: {},
    cwd: "/nowhere",
    home: "/nowhere",
    platform: "linux",
    clock: createClock(globalThis),
    random: seededRandom(1),
    fetch: () => Promise.reject(new TypeError("no network in this test")),
    runGh: async () => null,
    nodeVersion: process.versions.node,
    ...overrides,
  };
}
