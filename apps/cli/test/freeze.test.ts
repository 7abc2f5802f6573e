import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CampaignPlace, openCampaignPlace } from "./support/campaign-place.ts";
import { expectGapless, outcomeOf, undisturbed } from "./support/outcome.ts";

let place: CampaignPlace;
beforeEach(async () => {
  place = await openCampaignPlace({ leaseMs: 1_000 });
});
afterEach(async () => {
  await place.close();
});

/** A frozen process keeps its share of its token's concurrency for a while; with another token nobody waits for it. */
const anotherToken = { GITHUB_TOKEN: "another-token" };

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
    frozen.child.kill("SIGSTOP");
    place.release();
    const other = place.start(["worker"], anotherToken);
    await other.said(`${jobId} is completed`);
    const before = await written(jobId);
    expect(before.job).toMatchObject({ status: "completed", epoch: 2, attempt: 1 });

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

  it("S15 lets a frozen run show what the other one did, say so, and end with the job's exit code", async () => {
    const waiting = place.hold(3);
    const frozen = place.start(["run", "--config", "small.yaml", "--output", "json"]);
    const jobId = await place.newestJob();
    await waiting;
    frozen.child.kill("SIGSTOP");
    place.release();
    const other = await place.run(["run", "--resume", jobId, "--output", "json"], anotherToken);
    expect(other.code).toBe(0);
    expect(other.stderr).toContain("Another process has this job");
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
    worker.child.kill("SIGSTOP");
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

async function queuedJob() {
  const { stdout } = await place.run(["run", "--config", "small.yaml", "--detach"]);
  return { id: stdout.trim() };
}
