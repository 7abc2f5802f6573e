import { isReadable, isTerminalStatus, type Job } from "@cmo/engine";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CampaignPlace, openCampaignPlace } from "./support/campaign-place.ts";

let place: CampaignPlace;
beforeEach(async () => {
  place = await openCampaignPlace({
    leaseMs: 1_000,
    more: 'schedule: { cron: "0 6 * * 1", time_zone: Europe/Vienna }\n',
  });
});
afterEach(async () => {
  await place.close();
});

const run = ["run", "--config", "small.yaml", "--output", "plain"];

/** All jobs, the oldest first. */
async function jobs(): Promise<readonly Job[]> {
  return (await place.engine.store.listJobs({ limit: 100 })).filter(isReadable).toReversed();
}

describe("A campaign with a schedule", () => {
  it("ends in the terminal after its first run, which says when the next is and who runs it", async () => {
    const { code, stdout } = await place.run(run);
    expect(code).toBe(0);
    const [first, next] = await jobs();
    expect(first).toMatchObject({ status: "completed" });
    expect(next).toMatchObject({ status: "queued", startedAt: null });
    expect(stdout).toMatch(/^Next run: Mon \d{4}-\d\d-\d\d 06:00 \(Europe\/Vienna\); a process/m);
    // A command stands in a line of its own, whole, however narrow the terminal is.
    expect(stdout).toMatch(/^ {2}to run what waits {4}cmo worker$/m);
    expect(stdout).toMatch(new RegExp(`^ {2}to end the schedule {2}cmo cancel ${next?.id}$`, "m"));
    expect(place.requests()).toBeGreaterThan(0);

    expect((await place.run(["jobs"])).stdout).toMatch(new RegExp(`${next?.id} +scheduled, in \\d+`));
    const listed = await place.run(["schedules"]);
    expect(listed.stdout).toMatch(new RegExp(`Mon .* 06:00 +Europe/Vienna +0 6 \\* \\* 1 +${next?.id} `));
    expect(listed.stdout).not.toContain(first?.id);
    expect(listed.stderr).toContain("cmo cancel JOB");
    const [line] = (await place.run(["schedules", "--output", "json"])).stdout.trim().split("\n");
    expect(JSON.parse(line ?? "")).toMatchObject({ id: next?.id, schedule: { timeZone: "Europe/Vienna" } });
    expect((await place.run(["show", next?.id ?? ""])).stdout).toContain("0 6 * * 1 (Europe/Vienna)");
  });

  it("is held, goes on, and ends, by the run that waits", async () => {
    await place.run([...run, "--detach", "--set", "schedule.first_run=scheduled"]);
    const jobId = await place.newestJob();
    expect((await place.run(["pause", jobId])).stderr).toContain(
      "does not run again until the job is resumed",
    );
    expect((await place.run(["schedules"])).stdout).toContain("held until it is resumed");
    expect((await place.run(["resume", jobId])).stderr).toContain("It starts at 20");
    expect((await place.run(["cancel", jobId])).stderr).toContain("The schedule has ended with it");
    expect(await place.run(["schedules"])).toMatchObject({ code: 0, stdout: "" });
    expect(place.requests()).toBe(0);
  });

  it("is held by an interrupt of the command that waits for its time, or works on it, which says so", async () => {
    const waiting = place.start([...run, "--set", "schedule.first_run=scheduled"]);
    await place.newestJob();
    waiting.child.kill("SIGINT");
    const early = await waiting.ended;
    expect(early.stdout).toContain("It had not begun. To wait for its time here:");
    expect(early.stdout).toContain("The schedule is held:");

    const held = place.hold(2);
    const running = place.start(run);
    await held;
    running.child.kill("SIGINT");
    const late = await running.ended;
    expect(late.stdout).toContain("What was found so far is kept. To go on:");
    expect(late.stdout).toContain("The schedule is held:");
    place.release();
  });

  it("goes on when a run of it is cancelled under way, and says how to end it", async () => {
    const waiting = place.hold(2);
    const running = place.start(run);
    await waiting;
    const jobId = await place.newestJob();
    expect((await place.run(["schedules"])).stdout).toContain("after this one, running");
    const cancelled = await place.run(["cancel", jobId]);
    expect(cancelled.stderr).toContain("Only this run: the schedule goes on");
    const nextId = /cmo cancel (job_\w+)/.exec(cancelled.stderr)?.[1] ?? "";
    place.release();
    expect((await running.ended).code).toBe(1);
    expect(await place.engine.job(nextId)).toMatchObject({ status: "queued", startedAt: null });
    await place.run(["cancel", nextId]);
    expect((await jobs()).map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
  });

  it("S13 has one next run at a time with two workers, of which one is killed in the middle", async () => {
    await place.run([...run, "--detach"]);
    let workers = [place.start(["worker"]), place.start(["worker"])];
    for (let round = 1; round <= 4; round += 1) {
      const current = await place.newestJob();
      await place.engine.store.updateJob(current, () => ({ patch: { notBefore: 0 } }));
      if (round === 2) {
        await place.until(current, ({ status }) => status === "running");
        const [killed, ...others] = workers;
        killed?.child.kill("SIGKILL");
        await killed?.ended;
        workers = [...others, place.start(["worker"])];
      }
      await place.until(current, ({ status }) => status === "completed");
      const all = await jobs();
      expect(all).toHaveLength(round + 1);
      expect(all.filter(({ status }) => !isTerminalStatus(status))).toHaveLength(1);
      const [before, after] = all.slice(-2);
      expect(after?.notBefore).toBeGreaterThan(before?.finishedAt ?? Number.POSITIVE_INFINITY);
    }
    for (const { child, ended } of workers) {
      child.kill("SIGTERM");
      await ended;
    }
  });

  it("S21 that cannot be kept is refused with the line, before anything is begun", async () => {
    const wrong = await place.run([...run, "--set", "schedule.cron=61 6 * * 1"]);
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toContain("the minute is 0 to 59");
    const valid = await place.run(["validate", "--config", "small.yaml"]);
    expect(valid.stdout).toMatch(/again {3}0 6 \* \* 1, in Europe\/Vienna: Mon \d{4}/);
    expect(await jobs()).toEqual([]);
  });
});
