import type { Engine, EngineOptions } from "../../src/engine/engine.ts";
import { createUnifiedEngine } from "../../src/engine/unified-engine.ts";
import type { JobEvent } from "../../src/event/job-event.ts";
import type { Agent } from "../../src/port/agent.ts";
import type { Store } from "../../src/port/store.ts";
import type { JobSpec } from "../../src/spec/job-spec.ts";
import { createMemoryStore } from "../../src/store/memory-store.ts";
import { buildSpec, type SpecOverrides } from "../../src/testing/build-campaign.ts";
import { createFakeClock, type FakeClock } from "../../src/testing/fake-clock.ts";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import { testDigest } from "../../src/testing/test-digest.ts";

/** An engine on a fake clock, over a store in memory that other engines may share. */
export interface TestEngine {
  readonly engine: Engine;
  readonly clock: FakeClock;
  readonly store: Store;
  spec(overrides?: SpecOverrides): JobSpec;
  /** Waits for `work` while time goes from sleeper to sleeper. */
  until<T>(work: Promise<T>): Promise<T>;
  events(jobId: string): Promise<readonly JobEvent[]>;
  types(jobId: string): Promise<string[]>;
  /** Starts a worker; `stop` ends it and waits until it has handed back. */
  work(concurrency?: number): { stop(): Promise<void> };
}

export function createTestEngine(
  agent: Agent,
  options: Partial<EngineOptions> & { clock?: FakeClock; seed?: number } = {},
): TestEngine {
  const { seed = 1, ...parts } = options;
  const clock = parts.clock ?? createFakeClock();
  const random = parts.random ?? seededRandom(seed);
  const store = parts.store ?? createMemoryStore({ clock, random });
  const engine = createUnifiedEngine({ digest: testDigest, ...parts, random, agent, clock, store });
  const events = (jobId: string) => store.readEvents(jobId, 0, 100_000);
  return {
    engine,
    clock,
    store,
    spec: (overrides = {}) => buildSpec({ agent, ...overrides }),
    until: (work) => clock.runUntil(work),
    events,
    types: async (jobId) => (await events(jobId)).map((event) => event.type),
    work(concurrency = 1) {
      const controller = new AbortController();
      const working = engine.startWorker({ concurrency, signal: controller.signal });
      return {
        stop() {
          controller.abort();
          return clock.runUntil(working);
        },
      };
    },
  };
}

/** A store that outlives its process, as far as an engine can tell. */
export function durable(store: Store): Store {
  return { ...store, durable: true };
}
