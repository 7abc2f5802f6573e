import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intervalCalendar } from "../../test/support/interval-calendar.ts";
import { mortalStore } from "../../test/support/mortal-store.ts";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { CmoError } from "../error/cmo-error.ts";
import type { Job } from "../job/job.ts";
import { isTerminalStatus } from "../job/job-status.ts";
import { isReadable } from "../job/listed-job.ts";
import type { Agent } from "../port/agent.ts";
import type { Store } from "../port/store.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";

const minute = 60_000;

/** An agent whose runs take so long and end so, one after the other. */
function agentOf(clock: FakeClock, runs: readonly { readonly ms: number; readonly isBad: boolean }[]): Agent {
  let begun = 0;
  return {
    name: "test",
    version: "1.0.0",
    plan: () => ["wait"],
    async run(_spec, context) {
      if (context.partial) return;
      const { ms, isBad } = runs[begun % runs.length] ?? { ms: minute, isBad: false };
      begun += 1;
      context.stage("wait").start({ itemsTotal: 1 });
      await clock.sleep(ms, context.signal);
      if (context.signal.aborted) throw new CmoError("cancelled", "stopped");
      if (isBad) throw new CmoError("agent_failed", "it went wrong", { retryable: false });
    },
  };
}

/** Holds at all times, whatever happened: one run after the other, each at a time of the schedule, one that is open. */
async function expectOneSchedule(store: Store, everyMs: number): Promise<readonly Job[]> {
  const jobs = (await store.listJobs({ limit: 1_000 })).filter(isReadable).toReversed();
  expect(jobs.filter(({ status }) => !isTerminalStatus(status))).toHaveLength(1);
  expect(isTerminalStatus(jobs.at(-1)?.status ?? "completed")).toBe(false);
  for (const [index, job] of jobs.entries()) {
    const before = jobs[index - 1];
    if (before === undefined) continue;
    expect(job.notBefore % everyMs).toBe(0);
    expect(job.notBefore - (before.finishedAt ?? 0)).toBeGreaterThan(0);
    expect(job.notBefore - (before.finishedAt ?? 0)).toBeLessThanOrEqual(everyMs);
    if (job.startedAt !== null) expect(job.startedAt).toBeGreaterThanOrEqual(job.notBefore);
    expect(Date.parse(job.spec.asOf)).toBe(job.notBefore);
  }
  return jobs;
}

describe("a schedule", () => {
  it("S13 has one next run after a crash at any effect on the store, before or after it", async () => {
    const everyMs = 10 * minute;
    const runs = [{ ms: 20_000, isBad: false }];
    let crashes = 0;
    for (let index = 1, isOver = false; !isOver; index += 1) {
      for (const after of [false, true]) {
        const clock = createFakeClock();
        const memory = createMemoryStore({ clock, random: seededRandom(1) });
        const agent = agentOf(clock, runs);
        const calendar = intervalCalendar();
        const dying = mortalStore(memory, (effect) => effect.index === index && effect.after === after);
        const first = createTestEngine(agent, { clock, calendar, store: dying.store, pollMs: minute });
        const spec = first.spec({ schedule: { cron: "10", timeZone: "UTC" } });
        await first.engine.submit(spec).catch(() => {});
        const stop = new AbortController();
        first.engine.startWorker({ signal: stop.signal }).catch(() => {});
        while (!dying.isDead() && clock.now() < Date.parse("2030-01-01T00:11:00.000Z"))
          await clock.advance(5_000);
        stop.abort();
        isOver = !dying.isDead();
        if (isOver) continue;
        crashes += 1;
        // It had not been put in, and who asked for it was told so.
        if ((await memory.listJobs({ limit: 1 })).length === 0) continue;
        const second = createTestEngine(agent, { clock, calendar, store: memory, seed: 9, pollMs: minute });
        const worker = second.work();
        await clock.advance(25 * minute);
        await worker.stop();
        const jobs = await expectOneSchedule(memory, everyMs);
        expect(jobs.length).toBeGreaterThanOrEqual(3);
      }
    }
    expect(crashes).toBeGreaterThan(30);
  });

  it("never has two runs at once, and starts each at a time of its own, whatever crashes and however long they take", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.record({ ms: fc.integer({ min: 0, max: 50 * minute }), isBad: fc.boolean() }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.array(
          fc.record({
            effect: fc.integer({ min: 1, max: 400 }),
            after: fc.boolean(),
            awayMs: fc.integer({ min: 0, max: 90 * minute }),
            workers: fc.integer({ min: 1, max: 2 }),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        async (minutes, runs, processes) => {
          const clock = createFakeClock();
          const memory = createMemoryStore({ clock, random: seededRandom(1) });
          const agent = agentOf(clock, runs);
          const parts = { clock, calendar: intervalCalendar(), pollMs: minute };
          const submitting = createTestEngine(agent, { ...parts, store: memory });
          await submitting.engine.submit(
            submitting.spec({ schedule: { cron: `${minutes}`, timeZone: "UTC" } }),
          );
          for (const [seed, { effect, after, awayMs, workers }] of processes.entries()) {
            const dying = mortalStore(memory, (at) => at.index === effect && at.after === after);
            const stop = new AbortController();
            for (let worker = 0; worker < workers; worker += 1) {
              const { engine } = createTestEngine(agent, {
                ...parts,
                store: dying.store,
                seed: seed * 2 + worker + 2,
              });
              engine.startWorker({ signal: stop.signal }).catch(() => {});
            }
            const end = clock.now() + 90 * minute;
            while (!dying.isDead() && clock.now() < end) await clock.advance(minute / 2);
            dying.die();
            stop.abort();
            await clock.advance(awayMs);
          }
          await expectOneSchedule(memory, minutes * minute);
        },
      ),
      { numRuns: 25 },
    );
  });
});
