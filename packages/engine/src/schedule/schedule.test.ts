import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intervalCalendar } from "../../test/support/interval-calendar.ts";
import { mortalStore } from "../../test/support/mortal-store.ts";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { CmoError } from "../error/cmo-error.ts";
import type { Job } from "../job/job.ts";
import { isReadable } from "../job/listed-job.ts";
import { enforceRetention } from "../people/enforce-retention.ts";
import { eraseEverything, eraseJobs, eraseOlderThan } from "../people/erase-jobs.ts";
import type { Agent } from "../port/agent.ts";
import type { Store } from "../port/store.ts";
import { buildNewJob, queuedDraft } from "../testing/build-job.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { testDigest } from "../testing/test-digest.ts";
import { followingJobId } from "./following-job-id.ts";

const minute = 60_000;
/** Of the fake clock. */
const begin = Date.parse("2030-01-01T00:00:00.000Z");
const hourly = { cron: "60", timeZone: "UTC" };

/** What a run does: it takes a while, and then ends well or throws. */
interface Run {
  readonly ms: number;
  readonly error?: CmoError;
}

function start(runOf: (run: number) => Run = () => ({ ms: 2 * minute }), calendar = intervalCalendar()) {
  const clock = createFakeClock();
  let runs = 0;
  const agent: Agent = {
    name: "test",
    version: "1.0.0",
    plan: () => ["wait"],
    async run(_spec, context) {
      if (context.partial) return;
      runs += 1;
      const { ms, error } = runOf(runs);
      context.stage("wait").start({ itemsTotal: 1 });
      await clock.sleep(ms, context.signal);
      if (context.signal.aborted) throw new CmoError("cancelled", "stopped");
      if (error !== undefined) throw error;
    },
  };
  const test = createTestEngine(agent, { clock, calendar, pollMs: minute / 2 });
  const scheduled = (overrides = {}) => test.spec({ schedule: hourly, ...overrides });
  const parts = { agent, calendar, digest: testDigest };
  return { ...test, ...parts, scheduled, runs: () => runs, jobs: () => jobsOf(test.store) };
}

/** All jobs, the oldest first. */
async function jobsOf(store: Store): Promise<readonly Job[]> {
  return (await store.listJobs({ limit: 1_000 })).filter(isReadable).toReversed();
}

const failed = new CmoError("agent_failed", "it went wrong", { retryable: false });

describe("a campaign with a schedule", () => {
  it("runs at once, and then by the schedule", async () => {
    const test = start();
    const worker = test.work();
    const first = await test.engine.submit(test.scheduled(), { tenant: "acme", priority: 3 });
    await test.clock.advance(2.5 * 60 * minute);
    await worker.stop();
    const jobs = await test.jobs();
    expect(jobs.map(({ status }) => status)).toEqual(["completed", "completed", "completed", "queued"]);
    expect(jobs.map(({ startedAt }) => startedAt)).toEqual([
      begin,
      begin + 60 * minute,
      begin + 120 * minute,
      null,
    ]);
    expect(jobs[0]?.id).toBe(first.id);
    for (const [index, job] of jobs.slice(1).entries()) {
      expect(job).toMatchObject({ tenant: "acme", priority: 3, parentJobId: null });
      expect(job.id).toBe(followingJobId(jobs[index]?.id ?? "", testDigest));
      expect(job.spec.schedule).toEqual({ ...hourly, firstJobId: first.id });
    }
  });

  it("puts in the next run for the first time after the end of this one, and makes up for none", async () => {
    const test = start((run) => ({ ms: run === 1 ? 130 * minute : 10 * minute }));
    const worker = test.work();
    await test.engine.submit(test.scheduled());
    await test.clock.advance(4 * 60 * minute - 1);
    await worker.stop();
    const times = (await test.jobs()).map(({ startedAt, finishedAt }) => [startedAt, finishedAt]);
    expect(times).toEqual([
      [begin, begin + 130 * minute],
      [begin + 180 * minute, begin + 190 * minute],
      [null, null],
    ]);
  });

  it("counts who is new from the run before, and from the one before that when a run exported nobody", async () => {
    const test = start((run) => (run === 2 ? { ms: minute, error: failed } : { ms: minute }));
    const worker = test.work();
    await test.engine.submit(test.scheduled({ onlyNew: {} }));
    await test.clock.advance(2.5 * 60 * minute);
    await worker.stop();
    const [first, second, third, next] = await test.jobs();
    expect([first?.status, second?.status, third?.status]).toEqual(["completed", "failed", "completed"]);
    const instantOf = (time: number | null | undefined) => new Date(time ?? 0).toISOString();
    const baselineOf = (job: Job | undefined, until: Job | undefined) => ({
      jobId: job?.id,
      startedAt: instantOf(job?.startedAt),
      endedAt: instantOf(job?.finishedAt),
      until: instantOf(until?.notBefore),
    });
    expect(first?.spec.onlyNew).toEqual({ baseline: null });
    expect(second?.spec.onlyNew).toEqual({ baseline: baselineOf(first, second) });
    expect(third?.spec.onlyNew).toEqual({ baseline: baselineOf(first, third) });
    expect(next?.spec.onlyNew).toEqual({ baseline: baselineOf(third, next) });
  });

  it("says when its next run comes after the time for which it is known who was exported", async () => {
    for (const [days, isSaid] of [
      [29, true],
      [30, false],
    ] as const) {
      const test = start();
      const worker = test.work();
      const monthly = { cron: `${30 * 24 * 60}`, timeZone: "UTC" };
      // The next run is at most thirty days away.
      const at = Math.floor(begin / (30 * 24 * 60 * minute)) * 30 * 24 * 60 * minute + 30 * 24 * 60 * minute;
      await test.clock.advance(at + 5 * minute - begin);
      const spec = test.scheduled({ schedule: monthly, onlyNew: {}, retention: { days } });
      const { id } = await test.engine.submit(spec);
      await test.clock.advance(30 * minute);
      await worker.stop();
      const { warnings } = await test.engine.summary(id);
      expect(warnings.map(({ code }) => code)).toEqual(isSaid ? ["only_new.forgotten"] : []);
      expect(await test.jobs()).toHaveLength(2);
    }
  });

  it("runs once for all the times at which nobody worked, and looks from the first of them", async () => {
    const test = start();
    const worker = test.work();
    await test.engine.submit(test.scheduled());
    await test.clock.advance(30 * minute);
    await worker.stop();
    await test.clock.advance(5.5 * 60 * minute);
    const later = test.work();
    await test.clock.advance(30 * minute - 1);
    await later.stop();
    const jobs = await test.jobs();
    expect(jobs.map(({ notBefore }) => notBefore)).toEqual([0, begin + 60 * minute, begin + 420 * minute]);
    expect(jobs[1]).toMatchObject({ status: "completed", startedAt: begin + 360 * minute });
    expect(jobs[1]?.spec.asOf).toBe("2030-01-01T01:00:00.000Z");
  });

  it("is resolved anew for each run: its window, and what its goal says of it", async () => {
    const test = start();
    const goal = ["since ", { variable: "pushed_since" }, " up to ", { variable: "as_of" }] as const;
    const daily = { cron: "1440", timeZone: "UTC", goal: [...goal] };
    const worker = test.work();
    const { spec } = await test.engine.submit(test.scheduled({ schedule: daily }));
    await test.clock.advance(30 * minute);
    await worker.stop();
    const next = (await test.jobs())[1]?.spec;
    expect(spec).toMatchObject({ asOf: "2030-01-01T00:00:00.000Z", pushedSince: "2029-10-03" });
    expect(next).toMatchObject({
      asOf: "2030-01-02T00:00:00.000Z",
      pushedSince: "2029-10-04",
      icp: spec.icp,
      goal: "since 2029-10-04 up to 2030-01-02",
    });
    const { asOf: _asOf, pushedSince: _since, goal: _goal, schedule: _schedule, ...same } = spec;
    expect(next).toMatchObject(same);
  });

  it("keeps the first day of a window that was said as a date, run by run", async () => {
    const test = start();
    const icp = { ...test.spec().icp, activityDays: 30 };
    const worker = test.work();
    const daily = { cron: "1440", timeZone: "UTC" };
    await test.engine.submit(test.scheduled({ schedule: daily, pushedSince: "2029-12-20", icp }));
    await test.clock.advance(2 * 1440 * minute + 30 * minute);
    await worker.stop();
    // Those of the schedule look from the first instant of a day.
    expect((await test.jobs()).map(({ spec }) => [spec.pushedSince, spec.icp.activityDays])).toEqual([
      ["2029-12-20", 30],
      ["2029-12-20", 14],
      ["2029-12-20", 15],
      ["2029-12-20", 16],
    ]);
  });

  it("waits with its first run too, when it is told to", async () => {
    const test = start();
    await test.clock.advance(7 * minute);
    const spec = test.scheduled({ schedule: { ...hourly, firstRun: "scheduled" } });
    const job = await test.engine.submit(spec);
    expect(job).toMatchObject({ notBefore: begin + 60 * minute });
    expect(job.spec).toMatchObject({ asOf: "2030-01-01T01:00:00.000Z", schedule: hourly });
    const worker = test.work();
    await test.clock.advance(80 * minute);
    await worker.stop();
    expect((await test.jobs()).map(({ startedAt }) => startedAt)).toEqual([begin + 60 * minute, null]);
  });

  it("is refused where it cannot be kept, and nothing is put in", async () => {
    const { engine, scheduled, jobs, agent, store } = start();
    const refused = engine.submit(scheduled({ schedule: { cron: "often", timeZone: "Elsewhere" } }));
    await expect(refused).rejects.toMatchObject({
      code: "config_invalid",
      problems: [{ path: ["schedule", "cron"] }, { path: ["schedule", "timeZone"] }],
    });
    const bare = createTestEngine(agent, { store });
    await expect(bare.engine.submit(scheduled())).rejects.toMatchObject({ code: "usage" });
    expect(await jobs()).toEqual([]);
  });

  it("is run once when it is dry", async () => {
    const test = start();
    const worker = test.work();
    await test.engine.submit(test.scheduled({ dryRun: true }));
    await test.clock.advance(30 * minute);
    await worker.stop();
    expect(await test.jobs()).toHaveLength(1);
  });
});

describe("a run of a schedule", () => {
  it("has a next run though it fails", async () => {
    const test = start((run) => ({ ms: minute, ...(run === 1 ? { error: failed } : {}) }));
    const worker = test.work();
    await test.engine.submit(test.scheduled());
    await test.clock.advance(65 * minute);
    await worker.stop();
    const jobs = await test.jobs();
    expect(jobs.map(({ status }) => status)).toEqual(["failed", "completed", "queued"]);
  });

  it("has none while it is tried again, and one when the last try has failed", async () => {
    const flaky = new CmoError("source_unavailable", "out of reach");
    const test = start(() => ({ ms: minute, error: flaky }));
    const worker = test.work();
    const { spec } = await test.engine.submit(test.scheduled());
    await test.clock.advance(2 * minute);
    expect(await test.jobs()).toHaveLength(1);
    await test.clock.advance(20 * minute);
    await worker.stop();
    const [run, next] = await test.jobs();
    expect(run).toMatchObject({ status: "failed", attempt: spec.retries.maxAttempts });
    expect(next).toMatchObject({ status: "queued", attempt: 0, notBefore: begin + 60 * minute });
  });

  it("ends alone when it is cancelled under way: by its worker, or by who cancels it while nobody has it", async () => {
    for (const isHeld of [true, false]) {
      const test = start();
      const worker = test.work();
      const { id } = await test.engine.submit(test.scheduled());
      await test.clock.advance(minute);
      if (!isHeld) await worker.stop();
      await test.until(test.engine.cancel(id));
      await test.clock.advance(minute);
      if (isHeld) await worker.stop();
      const jobs = await test.jobs();
      expect(jobs.map(({ status }) => status)).toEqual(["cancelled", "queued"]);
      expect(jobs[1]).toMatchObject({ notBefore: begin + 60 * minute, startedAt: null });
    }
  });

  it("ends its schedule when it is cancelled before it began", async () => {
    const test = start();
    const worker = test.work();
    await test.engine.submit(test.scheduled());
    await test.clock.advance(20 * minute);
    const next = (await test.jobs())[1]?.id ?? "";
    await test.engine.cancel(next);
    await test.clock.advance(5 * 60 * minute);
    await worker.stop();
    expect((await test.jobs()).map(({ status }) => status)).toEqual(["completed", "cancelled"]);
  });

  it("holds its schedule while it is paused before it began, and then waits for its time again", async () => {
    const test = start();
    const worker = test.work();
    await test.engine.submit(test.scheduled());
    await test.clock.advance(20 * minute);
    const next = (await test.jobs())[1]?.id ?? "";
    await test.engine.pause(next);
    expect(await test.engine.resume(next)).toMatchObject({
      status: "queued",
      notBefore: begin + 60 * minute,
    });
    await test.engine.pause(next);
    await test.clock.advance(5 * 60 * minute);
    expect(await test.jobs()).toHaveLength(2);
    await test.engine.resume(next);
    await test.clock.advance(20 * minute);
    await worker.stop();
    expect((await test.jobs()).map(({ status }) => status)).toEqual(["completed", "completed", "queued"]);
  });

  it("is retried once, beside the schedule", async () => {
    const test = start((run) => ({ ms: minute, ...(run === 1 ? { error: failed } : {}) }));
    const worker = test.work();
    const { id } = await test.engine.submit(test.scheduled());
    await test.clock.advance(5 * minute);
    const again = await test.engine.retry(id);
    expect(again.spec.schedule).toBeUndefined();
    await test.clock.advance(5 * minute);
    await worker.stop();
    const open = (await test.jobs()).filter(({ status }) => status === "queued");
    expect(open.map((job) => job.id)).toEqual([followingJobId(id, testDigest)]);
  });

  it("is the last one when no time comes any more, or none can be told, and says so", async () => {
    const broken = { ...intervalCalendar(), nextTime: throwing };
    for (const calendar of [intervalCalendar({ last: begin + 60 * minute }), broken]) {
      const test = start(undefined, calendar);
      const { store, agent, clock } = test;
      // Put in by an engine that could tell.
      const { id } = await createTestEngine(agent, {
        clock,
        store,
        calendar: intervalCalendar(),
      }).engine.submit(test.scheduled());
      const worker = test.work();
      await clock.advance(90 * minute);
      await worker.stop();
      const jobs = await test.jobs();
      expect(jobs.map(({ status }) => status)).toEqual(
        calendar === broken ? ["completed"] : ["completed", "completed"],
      );
      expect(await test.events(jobs.at(-1)?.id ?? id)).toContainEqual(
        expect.objectContaining({ type: "log", data: expect.objectContaining({ code: "schedule.over" }) }),
      );
    }
  });
});

function throwing(_time: unknown, after: number): number {
  // Looked at when it is submitted, and not read any more when it ends.
  if (after > begin && after < begin + 365 * 24 * 60 * minute)
    throw new CmoError("config_invalid", "no such zone");
  return begin;
}

describe("another schedule of the same campaign", () => {
  it("takes the place of one that waits, and the log says so", async () => {
    const test = start();
    const worker = test.work();
    await test.engine.submit(test.scheduled());
    await test.clock.advance(20 * minute);
    const waiting = (await test.jobs())[1]?.id ?? "";
    const other = await test.engine.submit(test.scheduled({ schedule: { cron: "240", timeZone: "UTC" } }));
    await test.clock.advance(5 * 60 * minute);
    await worker.stop();
    const jobs = await test.jobs();
    expect(jobs.find(({ id }) => id === waiting)).toMatchObject({ status: "cancelled", startedAt: null });
    expect(jobs.map(({ notBefore }) => (notBefore - begin) / minute)).toEqual([
      -begin / minute,
      60,
      -begin / minute,
      240,
      480,
    ]);
    expect((await test.engine.summary(other.id)).warnings).toContainEqual(
      expect.objectContaining({ code: "schedule.replaced", message: expect.stringContaining(waiting) }),
    );
  });

  it("lets a run that is under way be the last of its schedule", async () => {
    const test = start();
    const worker = test.work(2);
    const first = await test.engine.submit(test.scheduled());
    await test.clock.advance(minute);
    const other = await test.engine.submit(test.scheduled());
    await test.clock.advance(30 * minute);
    await worker.stop();
    const jobs = await test.jobs();
    expect(jobs.map(({ status }) => status)).toEqual(["completed", "completed", "queued"]);
    expect(jobs[2]?.id).toBe(followingJobId(other.id, testDigest));
    expect(await test.store.readJob(followingJobId(first.id, testDigest))).toBeNull();
  });

  it("keeps a run from beginning that was put in while it took its place", async () => {
    const test = start();
    await test.engine.submit(test.scheduled());
    const schedule = { ...hourly, firstJobId: "job_of_another_schedule" };
    const { job: stale } = await test.store.createJob(
      buildNewJob({ id: "job_stale", spec: test.scheduled({ schedule }) }),
      [queuedDraft],
    );
    const worker = test.work();
    await test.clock.advance(50 * minute);
    await worker.stop();
    expect(await test.types(stale.id)).toEqual(["job.queued", "job.started", "log", "job.cancelled"]);
    expect(test.runs()).toBe(1);
    expect((await test.jobs()).filter(({ status }) => status === "queued")).toHaveLength(1);
  });

  it("takes its place or leaves it, when whoever submits it is gone at any moment", async () => {
    let wasPutIn = 0;
    for (let index = 1, isOver = false; !isOver; index += 1) {
      for (const after of [false, true]) {
        const test = start();
        const worker = test.work();
        const first = await test.engine.submit(test.scheduled());
        await test.clock.advance(20 * minute);
        const dying = mortalStore(test.store, (effect) => effect.index === index && effect.after === after);
        const other = createTestEngine(test.agent, {
          clock: test.clock,
          store: dying.store,
          calendar: intervalCalendar(),
          seed: 7,
        });
        const spec = test.scheduled({ schedule: { cron: "240", timeZone: "UTC" } });
        await other.engine.submit(spec, { jobId: "job_other" }).catch(() => {});
        isOver = !dying.isDead();
        await test.clock.advance(5 * 60 * minute);
        await worker.stop();
        const isThere = (await test.store.readJob("job_other")) !== null;
        if (isThere) wasPutIn += 1;
        const open = (await test.jobs()).filter(({ status }) => status === "queued");
        expect(open.map((job) => job.spec.schedule?.firstJobId)).toEqual([isThere ? "job_other" : first.id]);
      }
    }
    expect(wasPutIn).toBeGreaterThan(3);
  });

  it("is left alone where the tenant or the name is another, and by a campaign that runs once", async () => {
    const test = start();
    const worker = test.work(5);
    await test.engine.submit(test.scheduled());
    await test.engine.submit(test.scheduled(), { tenant: "acme" });
    await test.engine.submit(test.scheduled({ name: "other" }));
    await test.engine.submit(test.spec());
    await test.clock.advance(30 * minute);
    await worker.stop();
    expect((await test.jobs()).filter(({ status }) => status === "queued")).toHaveLength(3);
  });

  it("is one, however many are submitted at once, and in whatever order the store hears of it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, count) => {
        const test = start();
        const { store, agent, clock } = test;
        const calls = ["createJob", "updateJob", "listJobs", "updateShared"] as const;
        const shuffled = { ...store };
        for (const call of calls) {
          const run = store[call] as (...given: unknown[]) => Promise<unknown>;
          Object.assign(shuffled, {
            [call]: async (...given: unknown[]) => {
              await scheduler.schedule(Promise.resolve());
              return run(...given);
            },
          });
        }
        const { engine } = createTestEngine(agent, { clock, store: shuffled, calendar: intervalCalendar() });
        const submitting = Array.from({ length: count }, () => engine.submit(test.scheduled()));
        await scheduler.waitFor(Promise.all(submitting));
        const worker = test.work(count);
        await clock.advance(30 * minute);
        await worker.stop();
        expect((await test.jobs()).filter(({ status }) => status === "queued")).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
  });
});

describe("an erase", () => {
  it("of what has ended leaves the schedule, by retention or by age", async () => {
    const test = start();
    const worker = test.work();
    const day = 24 * 60 * minute;
    const monthly = { cron: `${30 * 24 * 60}`, timeZone: "UTC" };
    await test.engine.submit(test.scheduled({ schedule: monthly, retention: { days: 2 } }));
    await test.clock.advance(30 * minute);
    await worker.stop();
    const [ended, next] = await test.jobs();
    await test.clock.advance(3 * day);
    expect((await enforceRetention(test)).jobs).toEqual([ended?.id]);
    expect((await eraseOlderThan(test, test.clock.now())).jobs).toEqual([]);
    expect((await test.jobs()).map(({ id }) => id)).toEqual([next?.id]);
    // Nobody works on it for long after its time: it is still there, and paused too.
    await test.clock.advance(60 * day);
    await test.engine.pause(next?.id ?? "");
    await test.clock.advance(60 * day);
    expect((await enforceRetention(test)).jobs).toEqual([]);
    await test.engine.resume(next?.id ?? "");
    const later = test.work();
    await test.clock.advance(30 * minute);
    await later.stop();
    expect((await test.jobs()).map(({ status }) => status)).toEqual(["completed", "queued"]);
  });

  it("of a run that began and was left, by retention or by age, puts in the next one first", async () => {
    const daily = { cron: `${24 * 60}`, timeZone: "UTC" };
    const days = (count: number) => count * 24 * 60 * minute;
    for (const erase of [
      enforceRetention,
      (test: ReturnType<typeof start>) => eraseOlderThan(test, begin + days(9)),
    ]) {
      for (const how of ["handed back", "gone"]) {
        const test = start(() => ({ ms: 30 * minute }));
        const worker = test.work();
        const { id } = await test.engine.submit(
          test.scheduled({ schedule: daily, retention: { days: 2 }, onlyNew: {} }),
        );
        await test.clock.advance(minute);
        if (how === "handed back") await worker.stop();
        else
          await test.store.updateJob(id, () => ({ patch: { leaseOwner: "worker-gone", leaseUntil: begin } }));
        await worker.stop();
        await test.clock.advance(days(10));
        expect((await erase(test)).jobs).toEqual([id]);
        const [next, ...others] = await test.jobs();
        expect(others).toEqual([]);
        expect(next).toMatchObject({ id: followingJobId(id, testDigest), status: "queued", startedAt: null });
        expect(next?.notBefore).toBe(begin + days(11));
        expect(next?.spec).toMatchObject({ onlyNew: { baseline: null }, schedule: { firstJobId: id } });
        expect((await enforceRetention(test)).jobs).toEqual([]);
        await test.clock.advance(days(1));
        const later = test.work();
        await test.clock.advance(60 * minute);
        await later.stop();
        expect((await test.jobs()).map(({ status }) => status)).toEqual(["completed", "queued"]);
      }
    }
  });

  it("of a run that was left takes place though it is not as a job must be", async () => {
    const test = start(() => ({ ms: 30 * minute }));
    const worker = test.work();
    const { id } = await test.engine.submit(test.scheduled({ retention: { days: 2 } }));
    await test.clock.advance(minute);
    await worker.stop();
    await test.store.updateJob(id, ({ snapshot }) => ({ patch: { snapshot: { ...snapshot, seq: 0 } } }));
    await test.clock.advance(3 * 24 * 60 * minute);
    expect((await enforceRetention(test)).jobs).toEqual([id]);
    expect(await test.jobs()).toEqual([]);
  });

  it("of a run that was left puts in none where somebody has paused it, or another schedule has its place", async () => {
    for (const how of ["paused", "replaced"]) {
      const test = start(() => ({ ms: 30 * minute }));
      const worker = test.work();
      const { id } = await test.engine.submit(test.scheduled({ retention: { days: 2 } }));
      await test.clock.advance(minute);
      if (how === "paused") await test.until(test.engine.pause(id));
      await test.clock.advance(minute);
      await worker.stop();
      const other = how === "paused" ? [] : [(await test.engine.submit(test.scheduled())).id];
      await test.clock.advance(3 * 24 * 60 * minute);
      expect((await enforceRetention(test)).jobs).toEqual([id]);
      expect((await test.jobs()).map((job) => job.id)).toEqual(other);
    }
  });

  it("of the run that waits ends the schedule", async () => {
    const test = start();
    const worker = test.work();
    await test.engine.submit(test.scheduled());
    await test.clock.advance(30 * minute);
    await eraseJobs(test, [(await test.jobs())[1]?.id ?? ""]);
    await test.clock.advance(5 * 60 * minute);
    await worker.stop();
    expect((await test.jobs()).map(({ status }) => status)).toEqual(["completed"]);
  });

  it("of a run that is under way takes the next one with it, and so does an erase of everything", async () => {
    for (const how of ["job", "all"]) {
      const test = start();
      const worker = test.work();
      const { id } = await test.engine.submit(test.scheduled());
      await test.clock.advance(minute);
      const erased = await test.until(how === "job" ? eraseJobs(test, [id]) : eraseEverything(test));
      expect(erased.jobs).toEqual([id, followingJobId(id, testDigest)]);
      await test.clock.advance(5 * 60 * minute);
      await worker.stop();
      expect(await test.jobs()).toEqual([]);
    }
  });
});
