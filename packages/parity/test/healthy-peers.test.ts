import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { heard, type RunningCmo } from "@cmo/command";
import { type PostgresServer, startPostgres } from "@cmo/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FleetFront, openFleetFront } from "./fleet-front.ts";
import { endAll, startWorker } from "./start-worker.ts";

/** Longer than any machine is held up. */
const leaseMs = 60_000;
const rounds = process.env.CMO_TORTURE === "1" ? 20 : 2;

describe("Workers that come and go as they should", () => {
  let folder: string;
  let postgres: PostgresServer;
  let front: FleetFront;
  const all: RunningCmo[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "cmo-peers-"));
    postgres = await startPostgres();
    front = await openFleetFront({ store: postgres.url, folder });
  });
  afterAll(async () => {
    await endAll(all);
    await front.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(): Promise<RunningCmo> {
    const home = join(folder, `home-${all.length}`);
    const started = await startWorker({ home, store: postgres.url, leaseMs });
    all.push(started);
    return started;
  }

  it("S14 S19 take nothing from each other: a job changes hands only when its worker hands it back", async () => {
    const stays = await start();
    // The one that stays is at its job for as long as all the others come and go.
    const kept = await front.submit(configOf(0, 200 * rounds));
    expect(await heard(stays, /(job_\S+) starts/)).toBe(kept);
    const moved = await front.submit(configOf(1, 200));
    const end = front.read(moved);
    for (let round = 0; round < rounds; round += 1) {
      const comes = await start();
      await Promise.race([heard(comes, /job_\S+ (?:starts|goes on)/), end]);
      comes.child.kill("SIGTERM");
      expect(await comes.ended, comes.said()).toBe(0);
    }
    await start();
    await Promise.all([kept, moved].map((jobId) => front.read(jobId)));
    const said = () => all.map((one) => one.said()).join("\n");
    const looked = await front.expectUndisturbed([kept, moved], said);
    expect(said()).not.toContain("went to another worker");
    for (const { job, log } of looked) {
      const handedBack = said().split(`${job.id} is queued`).length - 1;
      expect(job.epoch, said()).toBe(1 + handedBack);
      expect(job.attempt, said()).toBe(1);
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
