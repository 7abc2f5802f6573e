import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CampaignPlace, openCampaignPlace } from "./support/campaign-place.ts";
import { expectGapless, outcomeOf, requestsAtStart, undisturbed } from "./support/outcome.ts";
import type { RunningCmo } from "./support/run-cmo.ts";

let place: CampaignPlace;
beforeEach(async () => {
  place = await openCampaignPlace({ leaseMs: 3_000 });
});
afterEach(async () => {
  await place.close();
});

/**
 * How the process differs that takes over. A frozen one keeps its share of its token's concurrency for a while; with
 * another token nobody waits for it. And nobody takes the job from the other one, however slow the machine is.
 */
const another = { GITHUB_TOKEN: "another-token", CMO_LEASE_MS: "600000" };

/** How often the job has been taken: once, or more often where the machine held its worker up. */
async function timesTaken(jobId: string): Promise<number> {
  return (await place.engine.job(jobId))?.epoch ?? 0;
}

/** Everything that a worker could have written to. */
async function written(jobId: string) {
  const { store } = place.engine;
  const leads = [];
  for await (const lead of place.engine.leads(jobId)) leads.push(lead);
  return { job: await store.readJob(jobId), events: await store.readEvents(jobId, 0, 100_000), leads };
}

describe("SIGSTOP past the lease", () => {
  it("S15 refuses what a frozen worker writes when it wakes, which says so and works on", async () => {
    const { id: jobId } = await queuedJob();
    const waiting = place.hold(3);
    const frozen = place.start(["worker"]);
    await waiting;
    await freeze(frozen);
    const epoch = 1 + (await timesTaken(jobId));
    place.release();
    const other = place.start(["worker"], another);
    await other.said(`${jobId} is completed`);
    const before = await written(jobId);
    expect(before.job).toMatchObject({ status: "completed", epoch, attempt: 1 });

    frozen.child.kill("SIGCONT");
    await frozen.said(`${jobId} went to another worker: this one was silent for longer than its lease`);
    other.child.kill("SIGTERM");
    expect((await other.ended).code).toBe(0);
    // It is as good as new: the next job is done by it.
    const { id: nextId } = await queuedJob();
    await frozen.said(`${nextId} is completed`);
    frozen.child.kill("SIGTERM");
    expect(await frozen.ended).toMatchObject({ code: 0, stdout: "" });
    expect(await written(jobId)).toEqual(before);
    expectGapless(before.events);
    expect((await place.run(["export", jobId])).code).toBe(0);
    expect(await outcomeOf(place, jobId)).toEqual((await undisturbed(place, jobId)).outcome);
  });

  it("S15 refuses it also while the other one is in the middle of the work", async () => {
    const { id: jobId } = await queuedJob();
    const waiting = place.hold(3);
    const frozen = place.start(["worker"]);
    await waiting;
    await freeze(frozen);
    const epoch = 1 + (await timesTaken(jobId));
    const other = place.start(["worker"], another);
    await other.said(`${jobId} goes on`);
    // The frozen one finds its answers when it wakes; the other one gets two and waits for the next.
    place.release();
    await place.hold(2);
    frozen.child.kill("SIGCONT");
    await frozen.said(`${jobId} went to another worker`);
    frozen.child.kill("SIGTERM");
    expect((await frozen.ended).code).toBe(0);
    place.release();
    await other.said(`${jobId} is completed`);
    other.child.kill("SIGTERM");
    await other.ended;
    const asked = place.requests();
    expect(await place.engine.job(jobId)).toMatchObject({ status: "completed", epoch, attempt: 1 });
    expectGapless((await written(jobId)).events);
    expect((await place.run(["export", jobId])).code).toBe(0);
    const reference = await undisturbed(place, jobId);
    expect(await outcomeOf(place, jobId)).toEqual(reference.outcome);
    expect(asked - reference.requests).toBeLessThanOrEqual(2 * (2 + requestsAtStart));
  });

  it("S15 lets a frozen run show what the other one did, say so, and end with the job's exit code", async () => {
    const waiting = place.hold(3);
    const frozen = place.start(["run", "--config", "small.yaml", "--output", "json"]);
    const jobId = await place.newestJob();
    await waiting;
    await freeze(frozen);
    place.release();
    const other = await place.run(["run", "--resume", jobId, "--output", "json"], another);
    expect(other.code).toBe(0);
    const before = await written(jobId);

    frozen.child.kill("SIGCONT");
    const { code, stdout, stderr } = await frozen.ended;
    expect(code).toBe(0);
    expect(stderr).toContain("silent for longer than its lease");
    expect(stdout).toBe(other.stdout);
    expect(await written(jobId)).toEqual(before);
  });

  it("lets a worker that woke before anybody took its job claim it again", async () => {
    const { id: jobId } = await queuedJob();
    const waiting = place.hold(3);
    const worker = place.start(["worker"]);
    await waiting;
    await freeze(worker);
    await place.until(jobId, ({ leaseUntil }) => (leaseUntil ?? Number.POSITIVE_INFINITY) < Date.now());
    place.release();
    worker.child.kill("SIGCONT");
    await worker.said(`${jobId} is completed`);
    worker.child.kill("SIGTERM");
    expect((await worker.ended).code).toBe(0);
    expect(await place.engine.job(jobId)).toMatchObject({ status: "completed", attempt: 1 });
    expectGapless((await written(jobId)).events);
  });
});

/**
 * Stops a process where it stands, but not in the middle of a transaction: nobody else could write then until it wakes,
 * which is SQLite's way, and not what is asked here.
 */
async function freeze({ child }: RunningCmo): Promise<void> {
  const database = new Database(join(place.cwd, "store", "cmo.db"), { timeout: 20 });
  try {
    for (;;) {
      child.kill("SIGSTOP");
      if (mayWrite(database)) return;
      child.kill("SIGCONT");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    database.close();
  }
}

function mayWrite(database: Database.Database): boolean {
  try {
    database.exec("BEGIN IMMEDIATE; ROLLBACK");
    return true;
  } catch {
    return false;
  }
}

async function queuedJob() {
  const { stdout } = await place.run(["run", "--config", "small.yaml", "--detach"]);
  return { id: stdout.trim() };
}
