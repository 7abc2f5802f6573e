import { heard, type RunningCmo } from "@cmo/command";
import { describe, expect, it } from "vitest";
import { useWorkerPlace } from "./worker-place.ts";

/** Longer than any machine is held up: whoever takes a job of somebody who lives has a wrong idea of the time. */
const leaseMs = 60_000;
const hour = 3_600_000;
/** How far the machines' clocks are from the right time. */
const shifts = [-3 * hour, 5 * hour, 7 * 60_000];
const jobs = process.env.CMO_TORTURE === "1" ? 30 : 3;

describe("Workers on machines whose clocks are hours apart", () => {
  const place = useWorkerPlace(leaseMs);

  async function start(shiftMs: number): Promise<RunningCmo> {
    const preload = new URL("shifted-clock.mjs", import.meta.url);
    preload.searchParams.set("ms", `${shiftMs}`);
    return place.start({ NODE_OPTIONS: `--import ${preload.href}` });
  }

  it("S01 S13 S14 come to what one right clock comes to, take nothing from each other, and hold up no job", async () => {
    const workers = await Promise.all(shifts.map(start));
    const [late, early] = workers as [RunningCmo, RunningCmo];
    // Their clocks are what they are meant to be.
    for (const [index, shiftMs] of shifts.entries()) {
      const [said = ""] = workers[index]?.said().split(" worker of") ?? [];
      expect(Math.abs(Date.parse(said) - Date.now() - shiftMs)).toBeLessThan(2 * 60_000);
    }
    // All of them wait for work: each takes some of what comes at once.
    const beganAt = Date.now();
    const ids = await Promise.all(
      Array.from({ length: jobs }, (_, job) => place.front.submit(configOf(job))),
    );
    await Promise.all([late, early].map((worker) => heard(worker, /job_\S+ starts/)));
    // Whoever is early goes on with the job of whoever was late, and does not take it to be hours old.
    late.child.kill("SIGTERM");
    expect(await late.ended, late.said()).toBe(0);
    const handedBack = /(job_\S+) is queued/.exec(late.said())?.[1];
    await Promise.all(ids.map((jobId) => place.front.read(jobId)));
    expect(place.said()).not.toContain("went to another worker");
    const looked = await place.front.expectUndisturbed(ids, place.said);
    for (const { job, log } of looked) {
      // One of them changed hands, unless what was taken had ended by then.
      expect(job.epoch, place.said()).toBe(job.id === handedBack ? 2 : 1);
      expect(job.attempt, place.said()).toBe(1);
      const times = log.map(({ at }) => Date.parse(at));
      expect(times[0]).toBeGreaterThanOrEqual(beganAt - 1_000);
      expect(times.at(-1)).toBeLessThanOrEqual(Date.now() + 1_000);
      // All of them by the database: as far back as two of its processes may read one clock differently.
      for (const [place, at] of times.entries()) expect(at - (times[place - 1] ?? at)).toBeGreaterThan(-50);
    }
  });
});

/** The time that a job may take is counted by the store's clock too: none of these takes half an hour. */
function configOf(job: number) {
  return {
    name: `clocks ${job}`,
    params: { language: "Go", stars_range: ">=10", activity_days: 365, target_leads: 15 },
    limits: { timeout_minutes: 30 },
    source: {
      type: "simulator",
      seed: job + 1,
      repositories: 200,
      latency_ms: 60,
      concurrency: 1,
      // Each lasts longer than a worker that waits needs to see that there is one for it too.
      faults: [{ fault: "slow", at: 3, delay_ms: 8_000 }],
    },
  };
}
