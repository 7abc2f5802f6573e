import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CampaignPlace, eventsOf, openCampaignPlace } from "./support/campaign-place.ts";
import { expectGapless } from "./support/outcome.ts";
import type { CmoResult } from "./support/run-cmo.ts";
import { torture } from "./support/torture.ts";

let place: CampaignPlace;
beforeEach(async () => {
  place = await openCampaignPlace();
});
afterEach(async () => {
  await place.close();
});

const simulated = `name: crowd
params: { language: Go, stars_range: ">=10", target_leads: 60 }
source: { type: simulator, seed: 7, repositories: 1000 }
`;

describe("Several processes on one database", () => {
  it(`do ${torture.crowdedJobs} jobs in two workers under one watch after the other, and nobody hears of a lock`, {
    timeout: torture.timeoutMs,
  }, async () => {
    await writeFile(join(place.cwd, "crowd.yaml"), simulated);
    const queued: CmoResult[] = [];
    for (let count = 0; count < torture.crowdedJobs; count += 1) {
      queued.push(await place.run(["run", "--config", "crowd.yaml", "--detach", "--priority", `${-count}`]));
    }
    const jobIds = queued.map(({ stdout }) => stdout.trim());
    const workers = [1, 2].map(() => place.start(["worker", "--concurrency", "2"]));
    const others: CmoResult[] = [];
    for (const jobId of jobIds) {
      const [watched, ...read] = await Promise.all([
        place.run(["watch", jobId, "--output", "json"]),
        place.run(["jobs"]),
        place.run(["show", jobId]),
      ]);
      expect(watched).toMatchObject({ code: 0, stderr: "" });
      const events = eventsOf(watched.stdout);
      expectGapless(events);
      expect(events).toEqual(await place.engine.store.readEvents(jobId, 0, 100_000));
      expect(events.at(-1)?.type).toBe("job.completed");
      others.push(watched, ...read);
    }
    for (const { child } of workers) child.kill("SIGTERM");
    const ended = await Promise.all(workers.map((worker) => worker.ended));
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(others.map(({ code }) => code)).toEqual(others.map(() => 0));
    // What went wrong on the way would be in a log too, as a failed attempt.
    const said = JSON.stringify([queued, ended, others]);
    expect(said).not.toMatch(/SQLITE_|BUSY|locked/);
    for (const jobId of jobIds) {
      expect(await place.engine.job(jobId)).toMatchObject({ status: "completed", attempt: 1, epoch: 1 });
      expect(ended.filter(({ stderr }) => stderr.includes(`${jobId} starts`))).toHaveLength(1);
    }
  });
});
