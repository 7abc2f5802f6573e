import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CampaignPlace, eventsOf, openCampaignPlace } from "./support/campaign-place.ts";
import { outcomeOf, requestsAtStart, undisturbed } from "./support/outcome.ts";

let place: CampaignPlace;
beforeEach(async () => {
  place = await openCampaignPlace();
});
afterEach(async () => {
  await place.close();
});

const run = ["run", "--config", "small.yaml"];

/** Puts a job into the queue and gives its id. */
async function detached(...more: string[]): Promise<string> {
  const { code, stdout } = await place.run([...run, "--detach", ...more]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^job_\w+\n$/);
  return stdout.trim();
}

describe("A detached job", () => {
  it("is in the queue with what to do next, and a worker takes it", async () => {
    const { code, stdout, stderr } = await place.run([...run, "--detach"]);
    const jobId = stdout.trim();
    expect(code).toBe(0);
    for (const next of ["cmo worker", `cmo watch ${jobId}`, `cmo run --resume ${jobId}`]) {
      expect(stderr).toContain(next);
    }
    expect(place.requests()).toBe(0);
    expect((await place.run(["show", jobId])).stdout).toContain("start one with: cmo worker");
    const worker = place.start(["worker"]);
    expect((await place.run(["watch", jobId])).code).toBe(0);
    worker.child.kill("SIGTERM");
    expect((await worker.ended).code).toBe(0);
    expect(await place.files()).toEqual([]);
    expect((await place.run(["export", jobId])).code).toBe(0);
    expect(await place.files()).toHaveLength(3);
  });

  it("S41 is told to machines as its first event", async () => {
    const { stdout } = await place.run([...run, "--detach", "--output", "json"]);
    const [event, ...others] = eventsOf(stdout);
    expect(event).toMatchObject({ seq: 1, type: "job.queued" });
    expect(others).toEqual([]);
    const silent = await place.run([...run, "--detach", "--output", "silent"]);
    expect(silent).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("needs a store that outlives the command", async () => {
    const result = await place.run([...run, "--detach", "--store", "memory"]);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("--store memory");
  });

  it("S18 with a greater priority is done first", async () => {
    const low = await detached("--priority", "1");
    const high = await detached("--priority", "20");
    const none = await detached();
    const below = await detached("--priority", "-5");
    const worker = place.start(["worker"]);
    await worker.said(`${below} is completed`);
    worker.child.kill("SIGTERM");
    const taken = [...(await worker.ended).stderr.matchAll(/(job_\w+) starts/g)].map(([, id]) => id);
    expect(taken).toEqual([high, low, none, below]);
  });

  it("S18 that is scheduled does not start early, not even when nothing else is to do", async () => {
    const later = await detached("--start-at", "+1h");
    const soon = await detached("--start-at", "+2s");
    const { notBefore } = await place.until(soon, () => true);
    const worker = place.start(["worker"]);
    await worker.said(`${soon} is completed`);
    worker.child.kill("SIGTERM");
    await worker.ended;
    const { startedAt } = await place.until(soon, () => true);
    expect(startedAt).toBeGreaterThanOrEqual(notBefore);
    expect(await place.engine.job(later)).toMatchObject({ status: "queued", startedAt: null });
    expect((await place.run(["jobs"])).stdout).toMatch(new RegExp(`${later} +scheduled`));
    expect((await place.run(["show", later])).stdout).toMatch(/starts {6}\d{4}-.*, in \d+ min/);
  });
});

describe("A scheduled run", () => {
  it("S18 waits and says so, and is paused by Ctrl-C before it has begun", async () => {
    const running = place.start([...run, "--start-at", "+1h", "--output", "json"]);
    await running.said("Scheduled: it starts at");
    await running.said("job.queued");
    const jobId = await place.newestJob();
    running.child.kill("SIGINT");
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(eventsOf(stdout).map(({ type }) => type)).toEqual(["job.queued", "job.paused"]);
    expect(stderr).toContain(`cmo run --resume ${jobId}`);
    expect(place.requests()).toBe(0);
  });

  it.each([
    ["soon", "is no time"],
    ["2020-01-01T00:00Z", "is over"],
    ["2030-01-01", "+15m"],
  ])("is refused at %j before anything is begun", async (text, message) => {
    const result = await place.run([...run, "--start-at", text]);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(message);
    expect((await place.run(["jobs"])).stdout).toBe("");
  });
});

describe("A run whose job another worker took", () => {
  /** A worker has the job that a run has submitted, and waits for its third answer. */
  async function taken() {
    // The run waits for its time, as one would that lost the race: the worker is there first.
    const jobId = await detached();
    const waiting = place.hold(2);
    const worker = place.start(["worker"]);
    await waiting;
    const running = place.start(["run", "--resume", jobId, "--output", "json"]);
    await running.said("Another process has this job, and it is shown here");
    return { jobId, worker, running };
  }

  it("shows it all the same, and writes its files", async () => {
    const { jobId, worker, running } = await taken();
    place.release();
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(eventsOf(stdout)).toEqual(await place.events(jobId));
    expect(await place.engine.job(jobId)).toMatchObject({ epoch: 1 });
    worker.child.kill("SIGTERM");
    await worker.ended;
    const asked = place.requests();
    const reference = await undisturbed(place, jobId);
    expect(await outcomeOf(place, jobId)).toEqual(reference.outcome);
    expect(asked).toBeLessThanOrEqual(reference.requests + requestsAtStart);
  });

  it("S17 is paused by Ctrl-C there too; the worker goes on with other jobs", async () => {
    const { jobId, worker, running } = await taken();
    running.child.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toContain("Pausing, in whichever process has the job");
    expect(stderr).toContain(`cmo run --resume ${jobId}`);
    await worker.said(`${jobId} is paused`);
    place.release();
    const next = await detached();
    await worker.said(`${next} is completed`);
    worker.child.kill("SIGTERM");
    expect((await worker.ended).code).toBe(0);
    expect(await place.engine.job(jobId)).toMatchObject({ status: "paused", leaseOwner: null });
  });

  it("is the same whether a run or an idle worker is faster", async () => {
    const workersLeaseMs = 600_000;
    const worker = place.start(["worker"], { CMO_LEASE_MS: String(workersLeaseMs) });
    await worker.said("at once");
    const waiting = place.hold(2);
    const running = place.start([...run, "--output", "json"]);
    await waiting;
    const jobId = await place.newestJob();
    // Of a job that has ended nobody says any more who has it: it goes on when that was said.
    const { leaseUntil } = await place.until(jobId, ({ status }) => status === "running");
    const isWorkers = (leaseUntil ?? 0) > Date.now() + workersLeaseMs / 2;
    if (isWorkers) await running.said("Another process has this job");
    place.release();
    const result = await running.ended;
    expect(result.code).toBe(0);
    const events = eventsOf(result.stdout);
    expect(events).toEqual(await place.events(jobId));
    expect(events.filter(({ type }) => type === "job.started")).toHaveLength(1);
    expect(await place.engine.job(jobId)).toMatchObject({ status: "completed", epoch: 1 });
    expect(await place.files()).toHaveLength(3);
    worker.child.kill("SIGTERM");
    const { stderr } = await worker.ended;
    expect(stderr.includes(`${jobId} starts`)).toBe(isWorkers);
    expect(result.stderr.includes("Another process has this job")).toBe(isWorkers);
  });
});

describe("cmo worker", () => {
  it("S19 stays with an empty queue, and takes what comes", async () => {
    const worker = place.start(["worker"]);
    await worker.said("at once");
    const jobId = await detached();
    await worker.said(`${jobId} is completed`);
    worker.child.kill("SIGTERM");
    expect(await worker.ended).toMatchObject({ code: 0, stdout: "" });
  });

  it("S19 takes nothing more once it was told to stop, hands back what runs, and quits at the second signal", async () => {
    const first = await detached();
    const second = await detached();
    const waiting = place.hold(1);
    const worker = place.start(["worker"]);
    await waiting;
    worker.child.kill("SIGTERM");
    const { code, stderr } = await worker.ended;
    expect(code).toBe(0);
    expect(stderr).toContain("stopping: what runs is handed back");
    expect(stderr).not.toContain(`${second} starts`);
    expect(await place.engine.job(first)).toMatchObject({ status: "queued", attempt: 1, leaseOwner: null });

    place.release();
    const again = place.hold(0);
    const stuck = place.start(["worker"]);
    await again;
    stuck.child.kill("SIGTERM");
    stuck.child.kill("SIGTERM");
    expect([0, 130]).toContain((await stuck.ended).code);
  });
});
