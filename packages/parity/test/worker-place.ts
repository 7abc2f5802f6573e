import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningCmo } from "@cmo/command";
import { type PostgresServer, startPostgres } from "@cmo/postgres";
import { afterAll, beforeAll } from "vitest";
import { type FleetFront, openFleetFront } from "./fleet-front.ts";
import { endAll, startWorker } from "./start-worker.ts";

/** A database with a front and any number of workers, for the tests of one `describe`. */
export interface WorkerPlace {
  /** Only inside of tests: what is started before them. */
  readonly folder: string;
  readonly postgres: PostgresServer;
  readonly front: FleetFront;
  /** All processes that end with the place. */
  readonly all: RunningCmo[];
  /** Starts a worker with a home of its own. */
  start(env?: Readonly<Record<string, string>>): Promise<RunningCmo>;
  /** What all of them have said. */
  said(): string;
}

/** Starts a {@link WorkerPlace} before the tests, and ends all of it after them. `leaseMs`: how long a worker may be silent. */
export function useWorkerPlace(leaseMs: number): WorkerPlace {
  const all: RunningCmo[] = [];
  let opened: Pick<WorkerPlace, "folder" | "postgres" | "front"> | null = null;
  const place = () => {
    if (opened === null) throw new Error("The place is opened before the first test.");
    return opened;
  };
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "cmo-workers-"));
    const postgres = await startPostgres();
    opened = { folder, postgres, front: await openFleetFront({ store: postgres.url, folder }) };
  });
  afterAll(async () => {
    await endAll(all);
    await place().front.close();
    await place().postgres.stop();
    await rm(place().folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return place().folder;
    },
    get postgres() {
      return place().postgres;
    },
    get front() {
      return place().front;
    },
    all,
    async start(env = {}) {
      const home = join(place().folder, `home-${all.length}`);
      const started = await startWorker({ home, store: place().postgres.url, leaseMs, env });
      all.push(started);
      return started;
    },
    said: () => all.map((one) => one.said()).join("\n"),
  };
}
