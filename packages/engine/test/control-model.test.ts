import fc from "fast-check";
import { expect, it } from "vitest";
import { CmoError } from "../src/error/cmo-error.ts";
import { canonicalLog } from "../src/event/canonical-log.ts";
import { isTerminalEvent, type JobEvent } from "../src/event/job-event.ts";
import type { Job } from "../src/job/job.ts";
import { hasLiveLease } from "../src/job/job-changes.ts";
import { isTerminalStatus } from "../src/job/job-status.ts";
import { foldProgress } from "../src/progress/fold-progress.ts";
import { initialProgress } from "../src/progress/initial-progress.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { foldSummary } from "../src/summary/reduce-summary.ts";
import { initialSummary } from "../src/summary/summary-state.ts";
import { createFakeClock } from "../src/testing/fake-clock.ts";
import { seededRandom } from "../src/testing/seeded-random.ts";
import { failingStore } from "./support/failing-store.ts";
import { createTestEngine, type TestEngine } from "./support/test-engine.ts";
import { threeStageAgent } from "./support/three-stage-agent.ts";

type Command =
  | { readonly do: "submit"; readonly priority: number; readonly delayMs: number; readonly fails: number }
  | { readonly do: "pause" | "resume" | "cancel" | "retry"; readonly job: number }
  | { readonly do: "start"; readonly concurrency: number }
  | { readonly do: "stop" | "crash"; readonly worker: number }
  | { readonly do: "advance"; readonly ms: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("submit" as const),
      priority: fc.nat(2),
      delayMs: fc.constantFrom(0, 0, 400),
      fails: fc.constantFrom(0, 0, 1, 9),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("pause" as const, "resume" as const, "cancel" as const, "retry" as const),
      job: fc.nat(5),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("start" as const), concurrency: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("stop" as const, "crash" as const), worker: fc.nat(3) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("advance" as const),
      ms: fc.constantFrom(0, 1, 30, 90, 150, 700, 31_000),
    }),
  },
);

const shape = { items: 4, answerMs: 40, batchSize: 2, concurrency: 2 };

/** What a job must come to, as a plain record of what was asked and acknowledged. */
interface Expected {
  readonly id: string;
  readonly fails: number;
  cancelled: boolean;
  log: readonly JobEvent[];
  last: Job;
}

/** Which calls of control a job accepts: the rules of the architecture, once more, in one line each. */
function accepts(call: "pause" | "resume" | "cancel" | "retry", job: Job): boolean {
  switch (call) {
    case "pause":
      return (job.status === "queued" || job.status === "running") && job.desired !== "cancelled";
    case "resume":
      return job.status === "paused" || job.desired === "paused";
    case "cancel":
      return !isTerminalStatus(job.status);
    case "retry":
      return job.status === "failed" || job.status === "cancelled";
  }
}

async function play(commands: readonly Command[], seed: number): Promise<void> {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock, random: seededRandom(seed) });
  const failing = new Map<string, number>();
  const jobs: Expected[] = [];
  const workers: { stop(): Promise<void>; crash(): void }[] = [];
  let engines = 0;

  function engineOver(shared = store): TestEngine {
    engines += 1;
    const agent = threeStageAgent({
      ...shape,
      sleep: clock.sleep,
      onReport(place, context) {
        const left = failing.get(context.jobId) ?? 0;
        if (place !== "look.completed" || context.partial || left === 0) return;
        failing.set(context.jobId, left - 1);
        throw new CmoError("source_unavailable", "out of reach");
      },
    });
    return createTestEngine(agent, { clock, store: shared, seed: seed * 1_000 + engines });
  }
  const control = engineOver();

  async function note(id: string, fails: number): Promise<void> {
    const last = await store.readJob(id);
    if (last === null) throw new Error("A job that was put in is gone.");
    failing.set(id, fails);
    jobs.push({ id, fails, cancelled: false, log: [], last });
  }

  function startWorker(concurrency: number): void {
    let dead = false;
    const gone = new CmoError("store_unavailable", "the process is gone");
    const test = engineOver(Object.assign(failingStore(store, () => (dead ? gone : null))));
    const worker = test.work(concurrency);
    workers.push({
      stop: () => worker.stop().catch(() => {}),
      crash() {
        dead = true;
        void worker.stop().catch(() => {});
      },
    });
  }

  async function run(one: Command): Promise<void> {
    switch (one.do) {
      case "submit": {
        const options = { priority: one.priority, notBefore: clock.now() + one.delayMs };
        const retries = { maxAttempts: 2, baseDelayMs: 50, maxDelayMs: 100 };
        const job = await control.engine.submit(control.spec({ retries }), options);
        return note(job.id, one.fails);
      }
      case "pause":
      case "resume":
      case "cancel":
      case "retry": {
        const expected = jobs[one.job % Math.max(1, jobs.length)];
        if (expected === undefined) return;
        const before = await store.readJob(expected.id);
        if (before === null) return;
        const accepted = accepts(one.do, before);
        const asked = control.engine[one.do](expected.id).then(
          (job) => ({ job, error: null }),
          (error: unknown) => ({ job: null, error }),
        );
        const { job, error } = await clock.runUntil(asked);
        if (!accepted) return expect(error).toMatchObject({ code: "conflict" });
        expect(error).toBeNull();
        if (one.do === "cancel") {
          expected.cancelled = true;
          if (!hasLiveLease(before, clock.now()) && before.status !== "running")
            expect(job?.status).toBe("cancelled");
        }
        if (one.do === "retry" && job !== null) await note(job.id, 0);
        return;
      }
      case "start":
        if (workers.length < 3) startWorker(one.concurrency);
        return;
      case "stop":
        return workers.splice(one.worker % Math.max(1, workers.length), 1)[0]?.stop();
      case "crash":
        return workers.splice(one.worker % Math.max(1, workers.length), 1)[0]?.crash();
      case "advance":
        return clock.advance(one.ms);
    }
  }

  async function check(): Promise<void> {
    for (const expected of jobs) {
      // Asked in one breath: the workers go on while a test waits.
      const [job, log] = await Promise.all([
        store.readJob(expected.id),
        store.readEvents(expected.id, 0, 10_000),
      ]);
      if (job === null) throw new Error("A job is gone.");
      expect(log.map((event) => event.seq)).toEqual(log.map((_, index) => index + 1));
      expect(job.lastSeq).toBe(log.length);
      expect(log.slice(0, expected.log.length)).toEqual(expected.log);
      expect(job.epoch).toBeGreaterThanOrEqual(expected.last.epoch);
      expect(job.attempt).toBeGreaterThanOrEqual(expected.last.attempt);
      expect(job.attempt).toBeLessThanOrEqual(2);
      if (isTerminalStatus(expected.last.status)) expect(job).toEqual(expected.last);
      const ends = log.filter(isTerminalEvent);
      expect(ends).toEqual(isTerminalStatus(job.status) ? [log.at(-1)] : []);
      expect(ends.map((event) => event.type)).toEqual(
        isTerminalStatus(job.status) ? [`job.${job.status}`] : [],
      );
      if (job.status !== "running") expect(job.leaseOwner).toBeNull();
      expect(job.snapshot).toEqual({
        seq: log.length,
        progress: foldProgress(initialProgress(job.spec.plan), log),
        summary: foldSummary(initialSummary(), log),
      });
      expected.log = log;
      expected.last = job;
    }
  }

  for (const one of commands) {
    await run(one);
    await check();
  }

  // In the end somebody works again, and every pause is taken back: then every job comes to its end.
  for (const expected of jobs) {
    const job = await store.readJob(expected.id);
    if (job !== null && accepts("resume", job)) await control.engine.resume(expected.id);
  }
  startWorker(3);
  await clock.advance(40_000);
  for (let round = 0; round < 50 && jobs.some((one) => !isTerminalStatus(one.last.status)); round += 1) {
    await clock.advance(2_000);
    await check();
  }
  const undisturbed = await calmLog();
  for (const { cancelled, fails, last, log } of jobs) {
    expect(isTerminalStatus(last.status)).toBe(true);
    if (cancelled) expect(last.status).toBe("cancelled");
    else expect(last.status).toBe(fails >= 2 ? "failed" : "completed");
    if (last.status === "completed") expect(canonicalLog(log)).toEqual(undisturbed);
  }
  for (const worker of workers) await worker.stop();
}

let calm: Promise<string[]> | null = null;

function calmLog(): Promise<string[]> {
  calm ??= (async () => {
    const test = createTestEngine(threeStageAgent(shape));
    const retries = { maxAttempts: 2, baseDelayMs: 50, maxDelayMs: 100 };
    const { jobId } = await test.until(test.engine.runInproc(test.spec({ retries })));
    return canonicalLog(await test.events(jobId ?? ""));
  })();
  return calm;
}

it("S13 S14 S16 S17 S18 store, workers and control keep their word through any sequence of commands and crashes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { minLength: 1, maxLength: 25 }),
      fc.integer({ min: 1, max: 1_000 }),
      play,
    ),
    { numRuns: 150 },
  );
}, 120_000);
