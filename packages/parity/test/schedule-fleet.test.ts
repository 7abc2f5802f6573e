import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { RunningCmo } from "@cmo/command";
import {
  type Engine,
  followingJobId,
  isTerminalEvent,
  type Job,
  type ListedJob,
  type Store,
} from "@cmo/engine";
import { createNodeHost, exportJob, nodeDigest, openRuntime } from "@cmo/runtime";
import { describe, expect, it } from "vitest";
import { presets } from "./in-process.ts";
import { openJobGate } from "./job-gate.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { useWorkerPlace } from "./worker-place.ts";

const isLong = process.env.CMO_TORTURE === "1";
const runs = isLong ? 12 : 4;
const workers = 3;
const leaseMs = 1_500;
const targetLeads = 10;

describe("A campaign that runs again by its schedule, on a fleet whose workers are killed", () => {
  const place = useWorkerPlace(leaseMs);

  it(
    "S01 S13 S14 comes run by run to what one process alone comes to, and has one next run at all times until that is cancelled",
    async () => {
      const { store, engine, submit, read } = place.front;
      const working: RunningCmo[] = [];
      for (let worker = 0; worker < workers; worker += 1) working.push(await place.start());
      /** Ends whoever works on a run, and starts another in its place. */
      const killHolder = async (jobId: string) => {
        for (const [index, worker] of working.entries()) {
          if (takenLast(worker) !== jobId) continue;
          worker.child.kill("SIGKILL");
          await worker.ended;
          working[index] = await place.start();
        }
      };
      const firstId = await submit(config);
      const first = await readJob(store, firstId);
      const gate = await openJobGate(place.postgres.url);
      const outcomes: Outcome[] = [];
      const exported: string[] = [];
      let takenAgain = 0;
      let last = firstId;
      for (let run = 0, id = firstId; run < runs; run += 1, id = nextId(id)) {
        const isGoneAtItsEnd = run % 2 === 1;
        if (isGoneAtItsEnd) await gate.shut();
        if (run > 0) await letItsTimeCome(store, id);
        // In another stage each time.
        while ((await readJob(store, id)).lastSeq < 8 + run * 8) {
          await expectOneOpen(store, id);
          await wait(10);
        }
        await killHolder(id);
        if (isGoneAtItsEnd) {
          // In the middle of the one change that ends a run and puts in the next one: it takes place, or does not.
          await gate.untilSomebodyWaits();
          await expectOneOpen(store, id);
          await killHolder(id);
          await gate.open({ undone: run % 4 === 3 });
        }
        const log = await read(id);
        const job = await readJob(store, id);
        expect(job.status, place.said()).toBe("completed");
        expect(log.map(({ seq }) => seq)).toEqual(log.map((_event, index) => index + 1));
        expect(log.filter(isTerminalEvent)).toHaveLength(1);
        await expectOneOpen(store, nextId(id));
        outcomes.push(await outcomeIn(engine, store, id, join(place.folder, "exported", id)));
        exported.push(...(await contactableIn(engine, id)));
        takenAgain += job.epoch - 1;
        last = id;
      }
      await gate.close();

      // Else nothing has happened to anybody, or there was nobody new.
      expect(takenAgain, place.said()).toBeGreaterThanOrEqual(runs);
      expect(exported).toHaveLength(runs * targetLeads);
      expect(new Set(exported).size).toBe(exported.length);
      expect(outcomes, place.said()).toEqual(await chainAlone(first, join(place.folder, "alone")));

      await engine.cancel(nextId(last));
      expect(await openRuns(store)).toEqual([]);
      expect(await store.readJob(nextId(nextId(last)))).toBe(null);
      expect(await store.listJobs({ limit: 100 })).toHaveLength(runs + 1);
    },
    isLong ? 900_000 : undefined,
  );
});

/** Next January or next July, whichever is not near: each run of either chain ends before it. */
const month = new Date().getUTCMonth() < 6 ? 12 : 7;
const config = {
  name: "again in a fleet",
  schedule: { cron: `0 6 1 ${month} *`, time_zone: "Europe/Vienna" },
  only_new: true,
  params: { language: "Go", stars_range: ">=10", activity_days: 365, target_leads: targetLeads },
  source: { type: "simulator", seed: 3, repositories: 500, latency_ms: 40, concurrency: 1 },
};

/** What the same campaign comes to in this process alone, run by run. */
async function chainAlone({ id: firstId, spec }: Job, folder: string): Promise<readonly Outcome[]> {
  const host = { ...createNodeHost(), env: { CMO_CACHE: "off" }, cwd: folder, home: folder };
  const runtime = await openRuntime({ host, location: "memory" });
  const { engine, store } = runtime;
  try {
    const outcomes: Outcome[] = [];
    await engine.submit(spec, { jobId: firstId });
    for (let run = 0, id = firstId; run < runs; run += 1, id = nextId(id)) {
      if (run > 0) await letItsTimeCome(store, id);
      await engine.attend(id);
      outcomes.push(await outcomeIn(engine, store, id, join(folder, id)));
    }
    return outcomes;
  } finally {
    await runtime.close();
  }
}

async function outcomeIn(engine: Engine, store: Store, jobId: string, directory: string): Promise<Outcome> {
  await exportJob({ engine, jobId, directory, presets });
  return outcomeOf(await store.readEvents(jobId, 0, 100_000), directory);
}

async function contactableIn(engine: Engine, jobId: string): Promise<string[]> {
  const nodeIds: string[] = [];
  for await (const { nodeId, contactable } of engine.leads(jobId)) if (contactable) nodeIds.push(nodeId);
  return nodeIds;
}

/** A run waits for nothing but what the queue says: where that is behind, its time has come. */
async function letItsTimeCome(store: Store, jobId: string): Promise<void> {
  const { job } = await store.updateJob(jobId, () => ({ patch: { notBefore: 0 } }));
  expect(job).toMatchObject({ status: "queued", startedAt: null });
}

async function expectOneOpen(store: Store, jobId: string): Promise<void> {
  const open = await openRuns(store);
  // The run may have ended between two looks.
  expect(open).toHaveLength(1);
  expect([jobId, nextId(jobId)]).toContain(open[0]?.id);
}

function openRuns(store: Store): Promise<readonly ListedJob[]> {
  return store.listJobs({ scheduled: true, status: ["queued", "running", "paused"], limit: 100 });
}

async function readJob(store: Store, jobId: string): Promise<Job> {
  const job = await store.readJob(jobId);
  if (job === null) throw new Error(`There is no ${jobId}.`);
  return job;
}

function nextId(jobId: string): string {
  return followingJobId(jobId, nodeDigest);
}

/** The job that a worker took last, by what it says. */
function takenLast(worker: RunningCmo): string | undefined {
  return [...worker.said().matchAll(/(job_\S+) (?:starts|goes on)/g)].at(-1)?.[1];
}
