import { describe, expect, it } from "vitest";
import { CmoError } from "../error/cmo-error.ts";
import type { EventDraft } from "../event/event-draft.ts";
import { isTerminalEvent } from "../event/job-event.ts";
import type { Job, Lease } from "../job/job.ts";
import {
  appendEvents,
  assertLease,
  claimChange,
  pauseChange,
  releaseChange,
  resumeChange,
} from "../job/job-changes.ts";
import { isTerminalStatus } from "../job/job-status.ts";
import type { JobChange } from "../port/job-change.ts";
import type { Random } from "../port/random.ts";
import { cancelledEnd, completedEnd, retryingEnd } from "../worker/run-outcome.ts";
import { buildNewJob, queuedDraft } from "./build-job.ts";
import { seededRandom } from "./seeded-random.ts";
import type { StoreContractOptions, StoreUnderTest } from "./store-contract.ts";
import { testDigest } from "./test-digest.ts";

/** How much is played. */
export interface StoreModelOptions extends StoreContractOptions {
  /** How many different plays; each is a store of its own. Default 20. */
  plays?: number;
  /** How long each is. Default 120 steps. */
  steps?: number;
}

/**
 * Plays with a store as workers and control do, in every order that chance gives: put in, claim, append, deliver twice,
 * crash, freeze and wake up, pause, resume, cancel, end, and let time pass. A plain array of jobs and events says what
 * the store has to answer at each step. A play that fails names its number, which gives the same play again.
 */
export function describeStoreModel(
  name: string,
  { create, plays = 20, steps = 120 }: StoreModelOptions,
): void {
  describe(`${name} answers as a plain array does`, () => {
    it.each(Array.from({ length: plays }, (_, index) => index + 1))(
      "S13 S14 S15 in play %i",
      async (play) => {
        const opened = await create();
        try {
          await playStoreModel(opened, seededRandom(play), steps);
        } finally {
          await opened.store.close();
          await opened.dispose?.();
        }
      },
    );
  });
}

/** A job as the model knows it. */
interface ModelJob {
  job: Job;
  log: EventDraft[];
  results: Map<string, string>;
  checkpoint: string | null;
}

/** A worker: it may be gone, or think that it holds a job which it lost long ago. */
interface ModelWorker {
  readonly id: string;
  held: { readonly lease: Lease; seen: Job }[];
}

const leaseMs = 1_000;

/** One play of {@link describeStoreModel}: fills a store as workers and control do. */
export async function playStoreModel(
  { store, clock }: StoreUnderTest,
  random: Random,
  steps: number,
): Promise<void> {
  const jobs: ModelJob[] = [];
  let workers: ModelWorker[] = [];
  let made = 0;

  const below = (count: number) => Math.floor(random() * count);
  const one = <T>(list: readonly T[]): T | undefined => list[below(list.length)];

  /** A write that looks at the row before, and at what was made of it; the model follows when the store says so. */
  async function write(
    model: ModelJob,
    decide: (job: Job, now: number) => JobChange,
  ): Promise<CmoError["code"] | null> {
    let change: JobChange = {};
    try {
      const written = await store.updateJob(model.job.id, (job, now) => {
        expect(job).toEqual(model.job);
        change = decide(job, now);
        return change;
      });
      follow(model, change);
      expect(written.job).toEqual(model.job);
      expect(written.events.map(({ type, data }) => ({ type, data }))).toEqual(change.events ?? []);
      return null;
    } catch (error) {
      if (error instanceof CmoError) return error.code;
      throw error;
    }
  }

  function follow(model: ModelJob, { patch, events = [], taskResults = [], checkpoint }: JobChange): void {
    model.log.push(...events);
    model.job = { ...model.job, ...patch, lastSeq: model.log.length };
    for (const { itemId, value } of taskResults) {
      if (!model.results.has(itemId)) model.results.set(itemId, value);
    }
    if (checkpoint !== undefined) model.checkpoint = checkpoint;
  }

  const actions: readonly (() => Promise<void>)[] = [
    async function putIn() {
      made += 1;
      const { now } = await time();
      const draft = buildNewJob({
        id: `job-${made}`,
        priority: below(3),
        notBefore: now + (one([0, 0, 700]) ?? 0),
      });
      const { job } = await store.createJob(draft, [queuedDraft]);
      expect(job).toMatchObject({ ...draft, lastSeq: 1 });
      jobs.push({ job, log: [queuedDraft], results: new Map(), checkpoint: null });
    },
    async function startWorker() {
      made += 1;
      if (workers.length < 4) workers.push({ id: `worker-${made}`, held: [] });
    },
    async function crash() {
      const gone = below(3) === 0 ? one(workers) : undefined;
      workers = workers.filter((worker) => worker !== gone);
    },
    claim,
    claim,
    async function append() {
      await byHolder(async (model, held) => {
        const known = held.seen.lastSeq;
        const item = `${below(4)}`;
        const events: EventDraft[] = [
          log(`append ${made}`),
          { type: "metrics", data: { metrics: { n: below(9) } } },
        ];
        const deliver = () =>
          write(model, (job, now) => {
            assertLease(job, now, held.lease);
            const taskResults = [{ kind: "k", itemId: item, inputDigest: "d", value: `${made}` }];
            const change = appendEvents(job, now, testDigest, events.slice(job.lastSeq - known));
            return { ...change, taskResults, checkpoint: `${job.lastSeq}` };
          });
        const outcome = await deliver();
        // The answer was lost, or came late: the same is written again, and nothing is there twice.
        if (outcome === null && random() < 0.3) expect(await deliver()).toBeNull();
        return outcome;
      });
    },
    async function keep() {
      await byHolder((model, held) =>
        write(model, (job, now) => {
          assertLease(job, now, held.lease);
          return { patch: { leaseUntil: now + leaseMs } };
        }),
      );
    },
    async function handBack() {
      await byHolder((model, held) =>
        write(model, (job, now) => {
          assertLease(job, now, held.lease);
          const error = new CmoError("source_unavailable", "out of reach");
          const shown = { code: error.code, message: error.message, hint: null };
          const ends = [
            completedEnd(job, now),
            cancelledEnd(job, now),
            { drafts: [], patch: { status: "queued" as const } },
            retryingEnd(job, now, error, shown, () => 0.5),
          ];
          const end = ends[below(ends.length)] ?? completedEnd(job, now);
          return releaseChange(job, now, testDigest, end.drafts, end.patch);
        }),
      );
    },
    async function control() {
      const model = one(jobs);
      if (model === undefined) return;
      const kind = below(3);
      const outcome = await write(model, (job, now) => {
        if (kind === 0) return pauseChange(job, now, testDigest);
        if (kind === 1) return resumeChange(job);
        const end = cancelledEnd(job, now);
        return job.status === "running"
          ? { patch: { desired: "cancelled" } }
          : releaseChange(job, now, testDigest, end.drafts, end.patch);
      });
      expect([null, "conflict"]).toContain(outcome);
    },
    async function pass() {
      await clock.advance(one([1, 50, 400, 1_100]) ?? 0);
    },
  ];

  async function claim(): Promise<void> {
    const worker = one(workers);
    if (worker === undefined) return;
    let change: JobChange = {};
    let expected: ModelJob | undefined;
    const { now } = await time();
    const isReady = ({ job }: ModelJob) =>
      (job.status === "queued" && job.notBefore <= now) ||
      (job.status === "running" && (job.leaseUntil ?? 0) <= now);
    const greatest = Math.max(...jobs.filter(isReady).map(({ job }) => job.priority));
    expected = jobs.find((model) => isReady(model) && model.job.priority === greatest);
    const written = await store.claimNext({}, (job, at) => {
      expect(job).toEqual(expected?.job);
      change = claimChange(job, at, testDigest, { workerId: worker.id, leaseMs });
      return change;
    });
    expect(written?.job.id).toBe(expected?.job.id);
    if (expected === undefined || written === null) return;
    follow(expected, change);
    expect(written.job).toEqual(expected.job);
    const { id, epoch } = written.job;
    worker.held.push({ lease: { jobId: id, epoch, workerId: worker.id }, seen: written.job });
  }

  /** Somebody writes who holds a job, or only thinks so; a stale lease is refused, and nothing is written. */
  async function byHolder(
    run: (model: ModelJob, held: ModelWorker["held"][number]) => Promise<CmoError["code"] | null>,
  ): Promise<void> {
    const held = one(workers.flatMap((worker) => worker.held));
    const model = jobs.find(({ job }) => job.id === held?.lease.jobId);
    if (held === undefined || model === undefined) return;
    const { now } = await time();
    const { leaseOwner, leaseUntil, epoch } = model.job;
    const isLive =
      leaseOwner === held.lease.workerId && epoch === held.lease.epoch && (leaseUntil ?? 0) > now;
    const before = model.job;
    const outcome = await run(model, held);
    if (isLive) held.seen = model.job;
    else expect(outcome).toBe("lease_lost");
    if (outcome !== null) expect(await store.readJob(before.id)).toEqual(before);
  }

  async function time(): Promise<{ now: number }> {
    const text = await store.updateShared("time", (_text, now) => `${now}`);
    return { now: Number(text) };
  }

  async function check(): Promise<void> {
    for (const { job, log: drafts, results, checkpoint } of jobs) {
      const events = await store.readEvents(job.id, 0, 10_000);
      expect(events.map(({ seq, type, data }) => ({ seq, type, data }))).toEqual(
        drafts.map((draft, index) => ({ seq: index + 1, ...draft })),
      );
      expect(await store.readJob(job.id)).toEqual(job);
      expect(await store.readCheckpoint(job.id)).toBe(checkpoint);
      const stored = await store.readTaskResults(job.id, "k", ["0", "1", "2", "3"]);
      expect(new Map([...stored].map(([item, { value }]) => [item, value]))).toEqual(results);
      const ends = drafts.filter(isTerminalEvent);
      expect(ends).toEqual(isTerminalStatus(job.status) ? [drafts.at(-1)] : []);
    }
    expect((await store.listJobs({ limit: 1_000 })).map(({ id }) => id)).toEqual(
      [...jobs].reverse().map(({ job }) => job.id),
    );
  }

  for (let step = 0; step < steps; step += 1) {
    await one(actions)?.();
    if (step % 10 === 9) await check();
  }
  await check();
}

function log(message: string): EventDraft {
  return { type: "log", data: { level: "info", code: "test", message } };
}
