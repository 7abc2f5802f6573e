import { describe, expect, it } from "vitest";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { threeStageAgent } from "../../test/support/three-stage-agent.ts";
import type { EventDraft } from "../event/event-draft.ts";
import { isTerminalEvent } from "../event/job-event.ts";
import type { JobChange, JobWrite } from "../port/job-change.ts";
import type { Store } from "../port/store.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { testDigest } from "../testing/test-digest.ts";
import type { Job } from "./job.ts";
import { appendEvents } from "./job-changes.ts";

/** What a broken store does wrong, from the event with `log` in it onwards, or at every claim. */
interface Defect {
  /** Changes the row before the engine sees it. */
  readonly gives?: (job: Job) => Job;
  /** Changes what the engine wants to be written. */
  readonly writes?: (job: Job, change: JobChange, now: number) => JobChange;
  /** Changes what the store says that it wrote. */
  readonly answers?: (write: JobWrite) => JobWrite;
}

interface Broken {
  readonly store: Store;
  /** Whether updates are defective, and whether claims are. */
  readonly in: { updates: boolean; claims: boolean };
}

function brokenStore(inner: Store, defect: Defect): Broken {
  const broken = { updates: false, claims: false };
  const decideOf =
    (decide: (job: Job, now: number) => JobChange, isBroken: boolean) =>
    (job: Job, now: number): JobChange => {
      const given = isBroken ? (defect.gives?.(job) ?? job) : job;
      const change = decide(given, now);
      return isBroken ? (defect.writes?.(job, change, now) ?? change) : change;
    };
  const answered = (write: JobWrite, isBroken: boolean) =>
    isBroken ? (defect.answers?.(write) ?? write) : write;
  const store: Store = {
    ...inner,
    async updateJob(jobId, decide) {
      // What is asked for is one thing: a defect does not come and go in the middle of it.
      const isBroken = broken.updates;
      return answered(await inner.updateJob(jobId, decideOf(decide, isBroken)), isBroken);
    },
    async claimNext(request, decide) {
      const isBroken = broken.claims;
      const write = await inner.claimNext(request, decideOf(decide, isBroken));
      return write && answered(write, isBroken);
    },
  };
  return { store, in: broken };
}

const warning: EventDraft = { type: "log", data: { level: "info", code: "test", message: "one more" } };

const withSnapshot = (job: Job, snapshot: Partial<Job["snapshot"]>): Job => ({
  ...job,
  snapshot: { ...job.snapshot, ...snapshot },
});

const gap: Defect = {
  answers: ({ job, events }) => ({ job, events: events.map((event) => ({ ...event, seq: event.seq + 1 })) }),
};
const fallingEpoch: Defect = { gives: (job) => ({ ...job, epoch: job.epoch - 1 }) };
const fallingEpochInAnswer: Defect = {
  answers: ({ job, events }) => ({ job: { ...job, epoch: job.epoch - 1 }, events }),
};
const lostEvents: Defect = { gives: (job) => ({ ...job, lastSeq: job.lastSeq - 1 }) };
const staleFolds: Defect = {
  answers: ({ job, events }) => ({
    job: withSnapshot(job, { seq: job.snapshot.seq - 1 }),
    events,
  }),
};
const otherFolds: Defect = {
  answers: ({ job, events }) => {
    const { summary } = job.snapshot;
    const quota = { ...summary.quota, requests: summary.quota.requests + 1 };
    return { job: withSnapshot(job, { summary: { ...summary, quota } }), events };
  },
};
const moreThanAll: Defect = {
  gives: (job) => {
    const { progress } = job.snapshot;
    const stages = progress.stages.map((stage) => ({ ...stage, itemsProcessed: 9, itemsTotal: 7 }));
    return withSnapshot(job, { progress: { ...progress, stages } });
  },
};
const illegalMove: Defect = { answers: ({ job, events }) => ({ job: { ...job, status: "paused" }, events }) };
const endTwice: Defect = {
  gives: (job) => {
    const { summary } = job.snapshot;
    return withSnapshot(job, { summary: { ...summary, status: "completed" } });
  },
};
const silentEvents: Defect = { answers: ({ job }) => ({ job, events: [] }) };
const foreignEvents: Defect = {
  writes: (job, change, now) => {
    if (change.patch?.status !== undefined) return change;
    const events = [...(change.events ?? []), warning];
    return { ...change, ...appendEvents(job, now, testDigest, events, change.patch) };
  },
};

describe("what is always true of a job", () => {
  it.each<[string, Defect, string]>([
    ["a gap in the log", gap, "seqs: expected"],
    ["an epoch that falls", fallingEpoch, "epoch: expected at least 1, found 0"],
    ["an epoch that falls in what was written", fallingEpochInAnswer, "epoch: expected 1, found 0"],
    ["a log that loses events", lostEvents, "last seq: expected at least"],
    ["folds that are not of the whole log", staleFolds, "folds: expected"],
    ["folds of another log", otherFolds, "folds: expected"],
    ["more done than there is", moreThanAll, "items done in find: expected at most 7, found 9"],
    ["a status that nobody asked for", illegalMove, "status: expected running, found paused"],
    ["a log that has ended although the job has not", endTwice, "end in the folds: expected no end"],
    ["events that are not written", silentEvents, "seqs: expected"],
    ["events that nobody wrote", foreignEvents, "seqs: expected"],
  ])("stops a job over a store with %s: it fails, and says what was found", async (_name, defect, found) => {
    const clock = createFakeClock();
    const broken = brokenStore(createMemoryStore({ clock, random: seededRandom(1) }), defect);
    const agent = threeStageAgent({
      sleep: clock.sleep,
      onReport: (place) => {
        if (place === "find.3") broken.in.updates = true;
      },
    });
    const test = createTestEngine(agent, { clock, store: broken.store });
    const { id } = await test.engine.submit(test.spec());
    const worker = test.work();
    await clock.advance(120_000);
    await worker.stop();
    const job = await test.engine.job(id);
    expect(job).toMatchObject({
      status: "failed",
      attempt: 1,
      leaseOwner: null,
      error: { code: "invariant_violated", message: expect.stringContaining(found) },
    });
    const events = await test.events(id);
    if (defect !== endTwice) {
      expect(events.filter(isTerminalEvent)).toHaveLength(1);
      expect(events.at(-1)).toMatchObject({
        type: "job.failed",
        data: { error: { code: "invariant_violated", message: expect.stringContaining(found) } },
      });
    }
    // Nothing goes on: no other attempt, and no partial end over what is not as it must be.
    expect(agent.runs).toEqual([false]);
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
  });

  it.each<[string, Defect]>([
    ["more done than there is", moreThanAll],
    ["folds that are behind the log", { gives: (job) => withSnapshot(job, { seq: job.snapshot.seq - 1 }) }],
    ["an epoch that does not grow", fallingEpochInAnswer],
    ["a gap in the log", gap],
  ])("fails a job that is claimed with %s, and lets the worker go on with others", async (_name, defect) => {
    const clock = createFakeClock();
    const broken = brokenStore(createMemoryStore({ clock, random: seededRandom(1) }), defect);
    const agent = threeStageAgent({ sleep: clock.sleep });
    const test = createTestEngine(agent, { clock, store: broken.store });
    const { id } = await test.engine.submit(test.spec(), { priority: 2 });
    const { id: other } = await test.engine.submit(test.spec());
    broken.in.claims = true;
    const worker = test.work();
    test.store.onNews(id, () => {
      broken.in.claims = false;
    });
    await clock.advance(120_000);
    await worker.stop();
    expect(await test.engine.job(id)).toMatchObject({
      status: "failed",
      error: { code: "invariant_violated" },
    });
    expect(await test.engine.job(other)).toMatchObject({ status: "completed" });
    expect(agent.runs).toEqual([false]);
    expect(await test.types(id)).toEqual(["job.queued", "job.started", "job.failed"]);
  });

  it("refuses control over a job that is not as it must be, and writes nothing", async () => {
    const clock = createFakeClock();
    const broken = brokenStore(createMemoryStore({ clock, random: seededRandom(1) }), endTwice);
    const test = createTestEngine(threeStageAgent(), { clock, store: broken.store });
    const { id } = await test.engine.submit(test.spec());
    broken.in.updates = true;
    const refusal = { code: "invariant_violated", hint: expect.any(String) };
    await expect(test.engine.pause(id)).rejects.toMatchObject(refusal);
    await expect(test.engine.cancel(id)).rejects.toMatchObject(refusal);
    expect(await test.engine.job(id)).toMatchObject({ status: "queued", desired: null, lastSeq: 1 });
  });
});
