import { afterEach, describe, expect, it } from "vitest";
import { eventsOf } from "./support/campaign-place.ts";
import { type FaultyProxy, openFaultyProxy } from "./support/faulty-proxy.ts";
import { expectGapless } from "./support/outcome.ts";
import type { RunningCmo } from "./support/run-cmo.ts";
import { openServedPlace, type ServedPlace } from "./support/served-place.ts";

let served: ServedPlace;
let worker: RunningCmo | null = null;
let proxy: FaultyProxy | null = null;
afterEach(async () => {
  served.place.release();
  worker?.child.kill("SIGTERM");
  await worker?.ended;
  await proxy?.close();
  await served.close();
  worker = null;
  proxy = null;
});

const run = ["run", "--config", "small.yaml", "--mode", "api", "--output", "json"];

/** A server that only takes jobs, and a worker of the same store: the job goes on when the server does not. */
async function open(): Promise<void> {
  served = await openServedPlace({ serve: ["--no-worker"] });
  worker = served.place.start(["worker"]);
  await worker.said("at once");
}

describe("S40 A server that goes away", () => {
  it("for a while: the run says so, takes it back, and has missed nothing", async () => {
    await open();
    const waiting = served.place.hold(2);
    const running = served.start(run);
    await waiting;
    await running.said("job.started");
    const jobId = await served.place.newestJob();
    await served.kill();
    await running.said(/Away since \d\d:\d\d:\d\d, next try at \d\d:\d\d:\d\d/);
    // What happens meanwhile is told by nobody.
    served.place.release();
    const { lastSeq } = await served.place.until(jobId, ({ status }) => status === "completed");
    await served.startAgain();
    await running.said("answers again; nothing was missed");
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(0);
    const events = eventsOf(stdout);
    expectGapless(events);
    expect(events).toHaveLength(lastSeq);
    expect(stdout).toBe((await served.place.run(["watch", jobId, "--output", "json"])).stdout);
    expect(stderr).toContain("_leads.csv");
    expect(await served.place.files()).toHaveLength(3);
  });

  it("with the job that it works on: a run shows how the next server goes on with it", async () => {
    served = await openServedPlace({ leaseMs: 1_000 });
    const waiting = served.place.hold(2);
    const running = served.start(run);
    await waiting;
    await running.said("job.started");
    await served.kill();
    await running.said("Away since");
    served.place.release();
    await served.startAgain();
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    const events = eventsOf(stdout);
    expectGapless(events);
    expect(events.filter(({ type }) => type === "job.started")).toHaveLength(1);
  });

  it.each([["run"], ["watch"]])(
    "for good: %s gives up, says that nobody knows, and ends with 3",
    async (verb) => {
      await open();
      const waiting = served.place.hold(2);
      const first = served.start([...run, "--give-up-after", "1s"]);
      await waiting;
      const jobId = await served.place.newestJob();
      const running =
        verb === "run" ? first : served.start(["watch", jobId, "--output", "json", "--give-up-after", "1s"]);
      await running.said("job.started");
      await served.kill();
      const { code, stdout, stderr } = await running.ended;
      expect(code).toBe(3);
      expect(stderr).toContain("Outcome unknown");
      expect(stderr).toContain(`cmo watch ${jobId} --api-base ${served.url}`);
      expect(eventsOf(stdout).at(-1)?.type).not.toMatch(/^job\.(?:completed|failed|cancelled)$/);
      expect(stdout + stderr).not.toMatch(/success|✅|job\.completed/i);
      expect(await served.place.files()).toEqual([]);
      await first.ended;

      // And the command that was named tells.
      served.place.release();
      await served.startAgain();
      const told = await served.ask(["watch", jobId, "--output", "silent"]);
      expect(told).toEqual({ code: 0, stdout: "", stderr: "" });
    },
  );

  it("for good, silently: that is told all the same", async () => {
    await open();
    const front = await openFaultyProxy(served.url, () => "pass");
    proxy = front;
    const waiting = served.place.hold(2);
    const running = served.place.start([
      ...["run", "--config", "small.yaml", "--mode", "api", "--output", "silent"],
      ...["--give-up-after", "1s", "--api-base", front.url],
    ]);
    await waiting;
    // The worker may be faster than the answer to the submit, and a run without that one knows of no job.
    await expect.poll(() => front.asked.some((what) => what.endsWith("/events"))).toBe(true);
    await served.kill();
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/^error: Outcome unknown/);
  });

  it("when the job has just ended: the files come when it is back, or it is said how to get them", async () => {
    await open();
    // Nothing but the log comes through, for so long that the client's own patience is over.
    let isBack = false;
    const front = await openFaultyProxy(served.url, (what) =>
      isBack || !/summary|artifacts/.test(what) ? "pass" : "cut",
    );
    proxy = front;
    const running = served.place.start([...run, "--api-base", front.url]);
    await running.said("Away since");
    isBack = true;
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).toContain("_leads.csv");
    expect(await served.place.files()).toHaveLength(3);

    isBack = false;
    const given = await served.place.run([...run, "--api-base", front.url, "--give-up-after", "100ms"]);
    expect(given.code).toBe(3);
    const jobId = await served.place.newestJob();
    expect(given.stderr).toContain(`Job ${jobId} has ended, and its files could not be had`);
    expect(given.stderr).toContain(`cmo export ${jobId} --api-base ${front.url}`);
  });

  it("is left by Ctrl-C while it is away", async () => {
    await open();
    const waiting = served.place.hold(2);
    const running = served.start(run);
    await waiting;
    await running.said("job.started");
    const jobId = await served.place.newestJob();
    await served.kill();
    await running.said("Away since");
    running.child.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toContain(`cmo watch ${jobId} --api-base ${served.url}`);
  });
});

describe("S38 A submit whose answer is lost", () => {
  it("again and again is not run here as well: nobody knows whether it was submitted", async () => {
    served = await openServedPlace();
    const front = await openFaultyProxy(served.url, (what) => (what === "POST /api/jobs" ? "lose" : "pass"));
    proxy = front;
    const env = { CMO_MODE: "auto", CMO_PROBE_MS: "30000", CMO_API_URL: front.url };
    const { code, stdout, stderr } = await served.place.run(["run", "--config", "small.yaml"], env);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("Whether the campaign was submitted is not known.");
    expect(stderr).toContain("If it was submitted, it is listed by: cmo jobs\n");
    const jobs = (await served.ask(["jobs", "--output", "json"])).stdout.trim().split("\n");
    expect(jobs).toHaveLength(1);
  });

  it("is made again, and is one job", async () => {
    served = await openServedPlace();
    const front = await openFaultyProxy(served.url, (what, earlier) =>
      what === "POST /api/jobs" && earlier === 0 ? "lose" : "pass",
    );
    proxy = front;
    const { code, stdout } = await served.place.run([...run, "--api-base", front.url]);
    expect(code).toBe(0);
    expect(front.asked.filter((what) => what === "POST /api/jobs")).toHaveLength(2);
    const jobs = (await served.ask(["jobs", "--output", "json"])).stdout.trim().split("\n");
    expect(jobs.map((line) => JSON.parse(line).id)).toEqual([eventsOf(stdout)[0]?.jobId]);
  });
});
