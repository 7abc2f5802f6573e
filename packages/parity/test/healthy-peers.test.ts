import { heard } from "@cmo/command";
import { describe, expect, it } from "vitest";
import { useWorkerPlace } from "./worker-place.ts";

/** Longer than any machine is held up. */
const leaseMs = 60_000;
const rounds = process.env.CMO_TORTURE === "1" ? 20 : 2;

describe("Workers that come and go as they should", () => {
  const place = useWorkerPlace(leaseMs);

  it("S14 S19 take nothing from each other: a job changes hands only when its worker hands it back", async () => {
    // Two of them wait before there is a job, which would not wait for a second one to be started.
    const first = [await place.start(), await place.start()];
    const kept = await place.front.submit(configOf(0, 500 * rounds));
    const stays = await Promise.race(
      first.map(async (worker) => {
        expect(await heard(worker, /(job_\S+) starts/)).toBe(kept);
        return worker;
      }),
    );
    // The one that stays is at its job while the others come and go.
    const moved = await place.front.submit(configOf(1, 500));
    const end = place.front.read(moved);
    for (let round = 0; round < rounds; round += 1) {
      const comes = first.find((worker) => round === 0 && worker !== stays) ?? (await place.start());
      await Promise.race([heard(comes, /job_\S+ (?:starts|goes on)/), end]);
      comes.child.kill("SIGTERM");
      expect(await comes.ended, comes.said()).toBe(0);
    }
    await place.start();
    await Promise.all([kept, moved].map((jobId) => place.front.read(jobId)));
    const looked = await place.front.expectUndisturbed([kept, moved], place.said);
    expect(place.said()).not.toContain("went to another worker");
    for (const { job, log } of looked) {
      const handedBack = place.said().split(`${job.id} is queued`).length - 1;
      expect(job.epoch, place.said()).toBe(1 + handedBack);
      expect(job.attempt, place.said()).toBe(1);
      expect(log.filter(({ type }) => type === "job.started")).toHaveLength(1);
      expect(log.filter(({ type }) => type === "job.retrying")).toEqual([]);
    }
    // Nobody who came has touched the job of the one that stayed; the other one did change hands.
    expect(looked.map(({ job }) => job.epoch > 1)).toEqual([false, true]);
  });
});

function configOf(job: number, latencyMs: number) {
  return {
    name: `peers ${job}`,
    params: { language: "Go", stars_range: ">=10", activity_days: 365, target_leads: 20 },
    source: { type: "simulator", seed: job + 1, repositories: 250, latency_ms: latencyMs, concurrency: 1 },
  };
}
