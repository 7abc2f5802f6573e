import { createFakeClock, seededRandom } from "@cmo/engine/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTestEngine, outcomeOf, specOf } from "./campaign.ts";
import { createFakeSource, type FakeSourceOptions } from "./fake-source.ts";
import { createFakeWorld } from "./fake-world.ts";
import { createRandomScheduler } from "./random-scheduler.ts";

const campaigns = {
  target_met: { params: { language: "Go", target_leads: 9 }, default_icp: { exclude_topics: ["tutorial"] } },
  all_matches: {
    params: { target_leads: 500 },
    default_icp: { topics: ["cli", "web"], languages: ["Go", "Rust"] },
  },
  few_repositories: { params: { target_leads: 30 }, limits: { max_repos: 60, people_per_repo: 2 } },
} satisfies Record<string, Record<string, unknown>>;

async function runOnce(config: Record<string, unknown>, options: FakeSourceOptions & { seed?: number } = {}) {
  const clock = createFakeClock({ auto: true });
  const random = seededRandom(options.seed ?? 1);
  const scheduler = createRandomScheduler(random);
  const source = createFakeSource(createFakeWorld(), {
    ...options,
    ...(options.seed === undefined ? {} : { random, wait: (signal) => scheduler.wait(signal) }),
  });
  const engine = createTestEngine({ source, clock, random: seededRandom(options.seed ?? 1) });
  const summary = await scheduler.drive(engine.runInproc(specOf(config)));
  return { source, summary, outcome: await outcomeOf(engine, summary.jobId ?? "") };
}

describe("S02 the same campaign", () => {
  it.each(Object.keys(campaigns))("gives the same leads in the same order 20 times: %s", async (name) => {
    const config = campaigns[name as keyof typeof campaigns];
    const { outcome: first, summary } = await runOnce(config);
    expect(summary.status).toBe("completed");
    expect(first.leads.length).toBeGreaterThan(5);
    for (let run = 0; run < 19; run += 1) expect((await runOnce(config)).outcome).toEqual(first);
  });

  it("gives the same whatever the order of answers, the sizes of batches and the number at once", async () => {
    const expected = new Map<string, unknown>();
    for (const [name, config] of Object.entries(campaigns)) {
      expected.set(name, (await runOnce(config)).outcome);
    }
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(campaigns)),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        async (name, seed, concurrency, size, changing) => {
          const sizes = seededRandom(seed);
          const batchSize = () => (changing ? 1 + Math.floor(sizes() * size) : size);
          const config = campaigns[name as keyof typeof campaigns];
          const { outcome, source } = await runOnce(config, { seed, concurrency, batchSize });
          expect(outcome).toEqual(expected.get(name));
          expect(source.running()).toBe(0);
        },
      ),
      { numRuns: 240 },
    );
  });
});
