import { readFile } from "node:fs/promises";
import { decodeJobEvent, type JobEvent } from "@cmo/engine";
import { seededRandom } from "@cmo/engine/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CampaignPlace, eventsOf, openCampaignPlace } from "./support/campaign-place.ts";
import { expectGapless } from "./support/outcome.ts";
import { torture } from "./support/torture.ts";

let place: CampaignPlace;
beforeEach(async () => {
  place = await openCampaignPlace();
});
afterEach(async () => {
  await place.close();
});

const seeded = `CMO_TORTURE_SEED=${torture.seed}`;
const silently = ["run", "--config", "small.yaml", "--output", "silent"];

/** A job that is at work and has had no answer yet. */
async function held(answered = 0) {
  const waiting = place.hold(answered);
  const running = place.start(silently);
  const jobId = await place.newestJob();
  await waiting;
  return { running, jobId };
}

describe("cmo watch", () => {
  it("S05 shows two watchers from the start every event, in the same order, with the same ids", async () => {
    const { running, jobId } = await held();
    const watchers = [1, 2].map(() => place.start(["watch", jobId, "--output", "json"]));
    await Promise.all(watchers.map((watcher) => watcher.said("job.started")));
    place.release();
    expect((await running.ended).code).toBe(0);
    const [one, other] = await Promise.all(watchers.map(({ ended }) => ended));
    expect(one).toEqual({ code: 0, stdout: other?.stdout, stderr: "" });
    const log = await place.engine.store.readEvents(jobId, 0, 10_000);
    expect(eventsOf(one?.stdout ?? "")).toEqual(log);
    expectGapless(log);
    expect(log.filter(({ type }) => type === "job.completed")).toHaveLength(1);
  });

  it("S06 begins with any event, while the job runs and later, and ends with it", async () => {
    const { running, jobId } = await held(2);
    const live = place.start(["watch", jobId, "--from", "3", "--output", "json"]);
    const plain = place.start(["watch", jobId, "--output", "plain"]);
    await live.said('"seq":3');
    place.release();
    expect((await running.ended).code).toBe(0);
    const events = await place.events(jobId);
    expectGapless(events);
    expect(events.at(-1)?.type).toBe("job.completed");
    expect(eventsOf((await live.ended).stdout)).toEqual(events.slice(2));
    expect((await plain.ended).stdout).toContain("✔ completed");

    for (const from of [1, 8, events.length, events.length + 1, events.length + 100]) {
      const late = await place.run(["watch", jobId, "--from", String(from), "--output", "json"]);
      expect(late).toMatchObject({ code: 0, stderr: "" });
      expect(eventsOf(late.stdout)).toEqual(events.slice(from - 1));
    }
    const tail = await place.run(["watch", jobId, "--from", String(events.length + 1), "--no-emoji"]);
    expect(tail.code).toBe(0);
    expect(tail.stdout).not.toContain("[1/");
    expect(tail.stdout).toMatch(/OK \d+ contactable leads/);
    const few = await place.run(["watch", jobId, "--channels", "stage", "--output", "json"]);
    const types = eventsOf(few.stdout).map(({ type }) => type);
    expect(new Set(types.map((type) => type.split(".")[0]))).toEqual(new Set(["job", "stage"]));
    expect(types.filter((type) => type === "job.completed")).toHaveLength(1);
  });

  it(`S07 misses and repeats nothing when its pipe is cut at random bytes, ${torture.cuts} times in one run`, {
    timeout: torture.timeoutMs,
  }, async () => {
    await place.close();
    place = await openCampaignPlace({ repositories: torture.cuts * 120, targetLeads: 10_000 });
    const random = seededRandom(torture.seed);
    const { running, jobId } = await held();
    const seen: JobEvent[] = [];
    for (let cut = 0; cut < torture.cuts; cut += 1) {
      const from = seen.length + 1;
      // The run gets an answer or two between two cuts, so that they fall into all of it, and there is always something new.
      place.release();
      void place.hold(1 + Math.floor(random() * 2));
      const { lastSeq } = await place.until(jobId, (job) => job.lastSeq >= from || job.finishedAt !== null);
      expect(lastSeq, `${seeded}: the whole log was read after ${cut} cuts`).toBeGreaterThanOrEqual(from);
      seen.push(...(await readSomeBytes(jobId, from, 1 + Math.floor(random() * 1_500))));
    }
    place.release();
    expect((await running.ended).code).toBe(0);
    const rest = await place.run(["watch", jobId, "--from", String(seen.length + 1), "--output", "json"]);
    seen.push(...eventsOf(rest.stdout));
    expect(seen, seeded).toEqual(await place.engine.store.readEvents(jobId, 0, 100_000));
  });

  it("S08 slows nothing when nobody reads it, and catches up", async () => {
    const { running, jobId } = await held(1);
    const stopped = place.start(["watch", jobId, "--output", "json"]);
    await stopped.said("job.started");
    stopped.child.kill("SIGSTOP");
    place.release();
    expect((await running.ended).code).toBe(0);
    expect(stopped.child.exitCode).toBeNull();
    stopped.child.kill("SIGCONT");
    const log = await place.engine.store.readEvents(jobId, 0, 100_000);
    expect(eventsOf((await stopped.ended).stdout)).toEqual(log);
  });

  it("S08 does not slow the job that its own process works on", async () => {
    const waiting = place.hold(1);
    const running = place.start(["run", "--config", "small.yaml", "--output", "json"]);
    const jobId = await place.newestJob();
    await waiting;
    running.child.stdout?.pause();
    place.release();
    await place.until(jobId, ({ status }) => status === "completed");
    running.child.stdout?.resume();
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(eventsOf(stdout)).toEqual(await place.events(jobId));
  });

  // The system tells how much memory a process has; elsewhere it is told in other ways.
  it.skipIf(process.platform !== "linux")(
    "S08 keeps no more in memory than a page while its reader is behind, however long the log",
    async () => {
      const jobId = await longLog(40_000);
      const watcher = place.start(["watch", jobId, "--output", "json"]);
      await watcher.said("job.queued");
      watcher.child.stdout?.pause();
      const pid = watcher.child.pid ?? 0;
      await untilIdle(pid);
      const behindKiB = await residentKiB(pid);
      // The log is about 20 MB as text; a bare process has about 60.
      expect(behindKiB).toBeLessThan(160_000);
      watcher.child.stdout?.resume();
      await watcher.said('"seq":40001');
      watcher.child.kill("SIGINT");
      expectGapless(eventsOf((await watcher.ended).stdout));
    },
  );

  it("is left to itself by Ctrl-C", async () => {
    const { running, jobId } = await held(2);
    const watching = place.start(["watch", jobId, "--output", "json"]);
    await watching.said("job.started");
    watching.child.kill("SIGINT");
    const { code, stderr } = await watching.ended;
    expect(code).toBe(130);
    expect(stderr).toContain(`cmo watch ${jobId}`);
    place.release();
    expect((await running.ended).code).toBe(0);
  });
});

/** Whole events among the first bytes that a watcher writes, of which there are some; then the pipe is cut. */
async function readSomeBytes(jobId: string, from: number, bytes: number): Promise<JobEvent[]> {
  const { lastSeq } = await place.until(jobId, () => true);
  const { child, ended } = place.start(["watch", jobId, "--from", String(from), "--output", "json"]);
  let text = "";
  await new Promise<void>((resolve) => {
    child.stdout?.on("data", (piece: string) => {
      text += piece;
      // There may be no more than what was there already, for now or for ever.
      if (text.length >= bytes || text.split("\n").length > lastSeq - from + 1) resolve();
    });
    child.on("close", resolve);
  });
  child.stdout?.destroy();
  child.kill("SIGTERM");
  await ended;
  const whole = text.slice(0, bytes).split("\n").slice(0, -1);
  return whole.map((line) => {
    const decoded = decodeJobEvent(line);
    if (!decoded.ok) throw new Error(`not an event: ${line}`);
    return decoded.value;
  });
}

/** A paused job with so many events of 500 bytes: what a campaign of days might leave. */
async function longLog(count: number): Promise<string> {
  const { running, jobId } = await held();
  await place.run(["pause", jobId]);
  await running.ended;
  const { spec } = await place.until(jobId, ({ status }) => status === "paused");
  const { id } = await place.engine.submit(spec);
  const message = "x".repeat(400);
  for (let written = 0; written < count; written += 1_000) {
    await place.engine.store.updateJob(id, () => ({
      events: Array.from({ length: 1_000 }, (_, index) => ({
        type: "log" as const,
        data: { level: "info" as const, code: "test.line", message: `${written + index} ${message}` },
      })),
    }));
  }
  return id;
}

async function residentKiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
}

/** Resolves when a process has used no processor for a while: it waits for its reader. */
async function untilIdle(pid: number): Promise<void> {
  const used = async () => {
    const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
    return Number(fields[11]) + Number(fields[12]);
  };
  let before = await used();
  for (let quiet = 0; quiet < 10; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = await used();
    // A tick of the clock is a hundredth of a second; a poll of the store costs less than one in twenty.
    quiet = now - before <= 1 ? quiet + 1 : 0;
    before = now;
  }
}
