import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createClient } from "@cmo/client";
import { isTerminalEvent, type JobEvent } from "@cmo/engine";
import { seededRandom } from "@cmo/engine/testing";
import { type PostgresServer, startPostgres } from "@cmo/postgres";
import { createPostgresStore } from "@cmo/store-postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fleet, startFleet } from "./fleet.ts";
import { outcomeOf } from "./outcome.ts";
import { keepServed } from "./served.ts";
import { undisturbed } from "./undisturbed.ts";

/** Bounded in every run, and for long with `CMO_TORTURE=1` (`pnpm torture`). */
const isLong = process.env.CMO_TORTURE === "1";
const blows = isLong ? 120 : 14;
const jobs = isLong ? 30 : 6;
const leaseMs = 2_000;

describe("A fleet that everything happens to", () => {
  let folder: string;
  let postgres: PostgresServer;
  let fleet: Fleet;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "cmo-fleet-"));
    postgres = await startPostgres();
    fleet = await startFleet({
      folder: join(folder, "fleet"),
      store: postgres.url,
      replicas: 2,
      workers: 3,
      leaseMs,
    });
  });
  afterAll(async () => {
    await fleet.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    "S01 S13 S14 S15 comes to what nothing happened to: workers killed and frozen, replicas killed, connections cut, the database brought down",
    async () => {
      const [first = "", second = ""] = fleet.urls;
      const submit = createClient({ baseUrl: first });
      const read = createClient({ baseUrl: second });
      const ids: string[] = [];
      for (let job = 0; job < jobs; job += 1) {
        const { jobId } = await submit.submit({ config: configOf(job) });
        ids.push(jobId);
      }
      const watching = ids.map((jobId) => watch(read, jobId));
      let isOver = false;
      const all = Promise.all(watching).finally(() => {
        isOver = true;
      });
      const seed = Number(process.env.CMO_TORTURE_SEED ?? Math.floor(Math.random() * 1_000_000));
      const random = seededRandom(seed);
      const place = (count: number) => Math.floor(random() * count);
      const kinds = [
        () => fleet.killWorker(place(fleet.workers)),
        () => fleet.killWorker(place(fleet.workers)),
        () => fleet.freezeWorker(place(fleet.workers), leaseMs * 1.5),
        () => fleet.killReplica(place(2)),
        () => cutConnections(postgres.url),
        ...(postgres.isOwn ? [() => postgres.restart()] : []),
      ];
      // Every worker has a job, so that the first blow hits one.
      const areWorking = async () => {
        const { jobs: running } = await submit.jobs({ status: ["running"] });
        return running.length === fleet.workers;
      };
      while (!isOver && !(await areWorking())) await wait(20);
      for (let blow = 0; blow < blows && !isOver; blow += 1) {
        // Each of them at least once, then by chance.
        await (kinds[blow] ?? kinds[place(kinds.length)])?.();
        await wait(random() * 600);
      }
      const logs = await all;

      const store = await createPostgresStore({ url: postgres.url });

      let takenAgain = 0;
      try {
        for (const [index, jobId] of ids.entries()) {
          const job = await store.readJob(jobId);
          const log = await store.readEvents(jobId, 0, 100_000);
          const told = `seed ${seed}, job ${index}\n${fleet.said().slice(-4_000)}`;
          expect(job?.status, told).toBe("completed");
          takenAgain += (job?.epoch ?? 1) - 1;
          expect(log.map(({ seq }) => seq)).toEqual(log.map((_event, place) => place + 1));
          expect(log.filter(isTerminalEvent)).toHaveLength(1);
          // Whoever watched through all of it has seen the log, each event once.
          expect(logs[index], told).toEqual(log);
          await keepServed(read, jobId, join(folder, "served", jobId));
          const outcome = await outcomeOf(log, join(folder, "served", jobId));
          if (job !== null)
            expect(outcome, told).toEqual(await undisturbed(job.spec, join(folder, "alone", jobId)));
        }
      } finally {
        await store.close();
      }
      // Else nothing has happened to anybody.
      expect(takenAgain).toBeGreaterThan(0);
    },
    isLong ? 1_800_000 : 600_000,
  );
});

function configOf(job: number) {
  return {
    name: `fleet ${job}`,
    params: { language: "Go", stars_range: ">=10", activity_days: 365, target_leads: 60 },
    source: { type: "simulator", seed: job + 1, repositories: 600, latency_ms: 60, concurrency: 1 },
  };
}

async function watch(client: ReturnType<typeof createClient>, jobId: string): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  for await (const event of client.watch(jobId, { giveUpAfterMs: 120_000 })) events.push(event);
  return events;
}

/** As a network that breaks, or an operator who restarts a pooler. */
async function cutConnections(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );
  await client.end();
}
