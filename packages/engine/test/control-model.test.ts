import fc from "fast-check";
import { expect, it } from "vitest";
import { CmoError } from "../src/error/cmo-error.ts";
import { canonicalLog } from "../src/event/canonical-log.ts";
import { isTerminalEvent, type JobEvent } from "../src/event/job-event.ts";
import type { Job } from "../src/job/job.ts";
import { isTerminalStatus } from "../src/job/job-status.ts";
import { hasLiveLease } from "../src/job/live-lease.ts";
import { foldProgress } from "../src/progress/fold-progress.ts";
import { initialProgress } from "../src/progress/initial-progress.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { foldSummary } from "../src/summary/reduce-summary.ts";
import { initialSummary } from "../src/summary/summary-state.ts";
import type { FakeClock } from "../src/testing/fake-clock.ts";
import { seededRandom } from "../src/testing/seeded-random.ts";
import { type Command, command } from "./support/control-command.ts";
import { failingStore } from "./support/failing-store.ts";
import { jumpingClock, scheduled, witnessed } from "./support/model-store.ts";
import { createTestEngine, type TestEngine } from "./support/test-engine.ts";
import { threeStageAgent } from "./support/three-stage-agent.ts";

const shape = { items: 4, answerMs: 40, batchSize: 2, concurrency: 2 };

/** What a job must come to, as a plain record of what was asked and acknowledged. */
interface Expected {
  readonly id: string;
  readonly fails: number;
  cancelled: boolean;
  /** A worker never heard of something that it had written: that costs an attempt, but for what was in flight nothing. */
  doubtful: boolean;
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

async function play(commands: readonly Command[], seed: number, scheduler: fc.Scheduler): Promise<void> {
  const clock = jumpingClock();
  const store = createMemoryStore({ clock, random: seededRandom(seed) });
  const failing = new Map<string, number>();
  const jobs: Expected[] = [];
  const workers: {
    stop(): Promise<void>;
    crash(): void;
    freeze(): void;
    wake(): void;
    loseAnswer(): void;
  }[] = [];
  /** Writes of workers to jobs that they did not hold. */
  const unheld: string[] = [];
  let engines = 0;

  function engineOver(shared = store, ticking: FakeClock = clock): TestEngine {
    engines += 1;
    const agent = threeStageAgent({
      ...shape,
      sleep: ticking.sleep,
      onReport(place, context) {
        const left = failing.get(context.jobId) ?? 0;
        if (place !== "look.completed" || context.partial || left === 0) return;
        failing.set(context.jobId, left - 1);
        throw new CmoError("source_unavailable", "out of reach");
      },
    });
    return createTestEngine(agent, { clock: ticking, store: shared, seed: seed * 1_000 + engines });
  }
  const control = engineOver();

  async function note(id: string, fails: number): Promise<void> {
    const last = await store.readJob(id);
    if (last === null) throw new Error("A job that was put in is gone.");
    failing.set(id, fails);
    jobs.push({ id, fails, cancelled: false, doubtful: false, log: [], last });
  }

  function startWorker(concurrency: number): void {
    let dead = false;
    let losing = false;
    let awake: Promise<void> = Promise.resolve();
    let wake = () => {};
    const gone = new CmoError("store_unavailable", "the process is gone");
    const lost = new CmoError("store_unavailable", "the answer is lost");
    const mine = failingStore(store, ({ method, after }) => {
      if (dead) return gone;
      if (!losing || !after || method !== "updateJob") return null;
      losing = false;
      for (const one of jobs) one.doubtful ||= !isTerminalStatus(one.last.status);
      return lost;
    });
    const passing = scheduled(witnessed(mine, unheld), scheduler, () => awake);
    const ticking: FakeClock = {
      ...clock,
      async sleep(ms, signal) {
        await clock.sleep(ms, signal);
        await awake;
      },
    };
    const worker = engineOver(passing, ticking).work(concurrency);
    workers.push({
      stop() {
        wake();
        return worker.stop().catch(() => {});
      },
      crash() {
        dead = true;
        wake();
        void worker.stop().catch(() => {});
      },
      freeze() {
        awake = new Promise((resolve) => {
          wake = resolve;
        });
      },
      wake: () => wake(),
      loseAnswer() {
        losing = true;
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
      case "freeze":
      case "wake":
      case "loseAnswer":
        return workers[one.worker % Math.max(1, workers.length)]?.[one.do]();
      case "oversleep": {
        // Frozen past its lease, while others work; then it goes on as if nothing had happened.
        const worker = workers[one.worker % Math.max(1, workers.length)];
        worker?.freeze();
        await clock.advance(30_050);
        worker?.wake();
        return;
      }
      case "jump":
        return clock.jump(one.ms);
      case "advance":
        return clock.advance(one.ms);
    }
  }

  async function check(): Promise<void> {
    expect(unheld).toEqual([]);
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
  for (const worker of workers) worker.wake();
  startWorker(3);
  // Whatever the clock was turned back by: what waits for its time, and leases of who is gone, are over now.
  clock.jump(30 * 3_600_000);
  await clock.advance(40_000);
  for (let round = 0; round < 50 && jobs.some((one) => !isTerminalStatus(one.last.status)); round += 1) {
    await clock.advance(2_000);
    await check();
  }
  const undisturbed = await calmLog();
  for (const { cancelled, fails, doubtful, last, log } of jobs) {
    expect(isTerminalStatus(last.status)).toBe(true);
    if (cancelled) expect(last.status).toBe("cancelled");
    else if (doubtful) expect(["completed", "failed"]).toContain(last.status);
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
      fc.scheduler(),
      play,
    ),
    { numRuns: 150 },
  );
});
