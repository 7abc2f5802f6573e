import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { heard, type RunningCmo } from "@cmo/command";
import type { JobEvent } from "@cmo/engine";
import { seededRandom } from "@cmo/engine/testing";
import { type PostgresServer, startPostgres } from "@cmo/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FleetFront, openFleetFront } from "./fleet-front.ts";
import { type Network, openNetwork } from "./network.ts";
import { endAll, startWorker } from "./start-worker.ts";

/** Bounded in every run, and for long with `CMO_TORTURE=1` (`pnpm torture`). */
const isLong = process.env.CMO_TORTURE === "1";
const leaseMs = 2_000;

interface Worker {
  readonly network: Network;
  readonly process: RunningCmo;
}

describe("A worker whose network breaks", () => {
  let folder: string;
  let postgres: PostgresServer;
  let front: FleetFront;
  const workers: Worker[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "cmo-network-"));
    postgres = await startPostgres();
    front = await openFleetFront({ store: postgres.url, folder });
  });
  afterAll(async () => {
    await endAll(workers.map(({ process }) => process));
    for (const { network } of workers) await network.close();
    await front.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(name: string): Promise<Worker> {
    const network = await openNetwork(postgres.url);
    const process = await startWorker({ home: join(folder, name), store: network.url, leaseMs });
    workers.push({ network, process });
    return { network, process };
  }

  const told = () => workers.map(({ process }, place) => `worker ${place}:\n${process.said()}`).join("\n");

  it("S13 S15 writes nothing after its lease, leaves nothing locked, comes back, and works again", async () => {
    const cut = await start("cut");
    const first = await front.submit(configOf(1));
    await untilLog(first, (log) => log.length > 8);
    // In the middle of a transaction that holds the job: the database hears no more of it.
    await cut.network.blackHoleAfter("FOR UPDATE OF job");
    const other = await start("other");
    await heard(other.process, new RegExp(`${first} goes on`));
    const begunAgain = (await front.store.readJob(first))?.lastSeq ?? 0;
    cut.network.heal();
    // Nobody else is there to take what comes now.
    other.process.child.kill("SIGTERM");
    await other.process.ended;
    const second = await front.submit(configOf(2));
    await heard(cut.process, new RegExp(`${second} starts`));
    const logs = await Promise.all([first, second].map((jobId) => front.read(jobId)));
    const found = await front.expectUndisturbed([first, second], told);
    expect(logs).toEqual(found.map(({ log }) => log));
    expectEpochsToGrow(logs[0] ?? [], begunAgain);
    await endAll(workers.map(({ process }) => process));
  });

  it(
    "S13 S15 comes to what nothing happened to, however often all networks are cut, slow and black holes",
    async () => {
      const seed = Number(process.env.CMO_TORTURE_SEED ?? Math.floor(Math.random() * 1_000_000));
      const random = seededRandom(seed);
      const all = [await start("one"), await start("two")].map(({ network }) => network);
      const ids = await Promise.all(
        Array.from({ length: isLong ? 40 : 3 }, (_, job) => front.submit(configOf(10 + job))),
      );
      let isOver = false;
      const reading = Promise.all(ids.map((jobId) => front.read(jobId))).finally(() => {
        isOver = true;
      });
      const kinds = [
        async () => {
          for (const network of all) network.reset();
        },
        async () => {
          for (const network of all) network.slow(40);
          await wait(1_000);
          for (const network of all) network.slow(0);
        },
        async () => {
          for (const network of all) network.blackHole();
          await wait(leaseMs * 1.5);
          for (const network of all) network.heal();
        },
        async () => {
          const [network] = random() < 0.5 ? all : all.toReversed();
          await Promise.race([network?.blackHoleAfter("COMMIT"), reading]);
          await wait(random() * leaseMs * 2);
          network?.heal();
        },
      ];
      for (let blow = 0; blow < (isLong ? 60 : 3) && !isOver; blow += 1) {
        await (kinds[blow] ?? kinds[Math.floor(random() * kinds.length)])?.();
        await wait(random() * 500);
      }
      const logs = await reading;
      const found = await front.expectUndisturbed(ids, () => `seed ${seed}\n${told()}`);
      expect(logs).toEqual(found.map(({ log }) => log));
      for (const log of logs) expectEpochsToGrow(log, 0);
    },
    isLong ? 1_800_000 : undefined,
  );

  async function untilLog(jobId: string, isMeant: (log: readonly JobEvent[]) => boolean): Promise<void> {
    while (!isMeant(await front.store.readEvents(jobId, 0, 1_000))) await wait(20);
  }
});

/** A call's id begins with the epoch in which it was made: nobody of an earlier one has written after a later one. */
function expectEpochsToGrow(log: readonly JobEvent[], laterThan: number): void {
  const epochs = log.flatMap(({ type, seq, data }) =>
    type === "tool.started" || type === "tool.completed"
      ? [{ seq, epoch: Number(String(data.callId).split(".")[0]) }]
      : [],
  );
  expect(epochs.map(({ epoch }) => epoch)).toEqual(
    epochs.map(({ epoch }) => epoch).toSorted((one, other) => one - other),
  );
  if (laterThan > 0) expect(epochs.filter(({ seq, epoch }) => seq > laterThan && epoch === 1)).toEqual([]);
}

function configOf(job: number) {
  return {
    name: `network ${job}`,
    params: { language: "Go", stars_range: ">=10", activity_days: 365, target_leads: 15 },
    source: { type: "simulator", seed: job + 1, repositories: 250, latency_ms: 80, concurrency: 1 },
  };
}
