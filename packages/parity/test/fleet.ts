import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { heard, type RunningCmo, startCmo } from "@cmo/command";

/** A fleet as an operator runs it: replicas of the API that only take jobs, and workers, each a process of its own. */
export interface Fleet {
  /** Addresses that stay the same when a replica is started again. */
  readonly urls: readonly string[];
  readonly workers: number;
  /** Ends a worker without a word, and starts another one in its place. */
  killWorker(place: number): Promise<void>;
  /** Freezes a worker for some time, as a machine that is moved or sleeps. */
  freezeWorker(place: number, ms: number): Promise<void>;
  /** Ends a replica without a word, and starts it again on the same port. */
  killReplica(place: number): Promise<void>;
  /** What all that were ever started have said. */
  said(): string;
  close(): Promise<void>;
}

/** What a fleet is made of. */
export interface FleetOptions {
  readonly folder: string;
  /** Of the database. */
  readonly store: string;
  readonly replicas: number;
  readonly workers: number;
  /** How long a worker may be silent. */
  readonly leaseMs: number;
}

/** Starts a {@link Fleet}; resolves when its replicas listen and its workers look for jobs. */
export async function startFleet({
  folder,
  store,
  replicas,
  workers,
  leaseMs,
}: FleetOptions): Promise<Fleet> {
  await mkdir(folder, { recursive: true });
  const env = {
    CI: "true",
    CMO_STORE: store,
    CMO_LEASE_MS: `${leaseMs}`,
    CMO_CACHE: "off",
    CMO_STORE_CONNECTIONS: "5",
    // Keys would be in the home folder; there are none, and so the loopback only.
    XDG_DATA_HOME: join(folder, ".data"),
  };
  const all: RunningCmo[] = [];
  const start = (args: readonly string[]) => {
    const started = startCmo(args, folder, env);
    all.push(started);
    return started;
  };
  const startReplica = async (port: string) => {
    const started = start(["serve", "--no-worker", "--port", port]);
    return { started, url: await heard(started, /(http:\/\/127\.0\.0\.1:\d+)/) };
  };
  const front = await Promise.all(Array.from({ length: replicas }, () => startReplica("0")));
  const urls = front.map(({ url }) => url);
  const working = Array.from({ length: workers }, () => start(["worker"]));
  // Who submits at once finds all of them waiting, however late one of them is.
  await Promise.all(working.map((worker) => heard(worker, /worker of/)));
  const end = async ({ child, ended }: RunningCmo) => {
    child.kill("SIGCONT");
    child.kill("SIGKILL");
    await ended;
  };

  return {
    urls,
    workers,
    async killWorker(place) {
      const old = working[place];
      if (old !== undefined) await end(old);
      working[place] = start(["worker"]);
    },
    async freezeWorker(place, ms) {
      const frozen = working[place];
      frozen?.child.kill("SIGSTOP");
      await new Promise((resolve) => setTimeout(resolve, ms));
      frozen?.child.kill("SIGCONT");
    },
    async killReplica(place) {
      const replica = front[place];
      if (replica === undefined) return;
      await end(replica.started);
      replica.started = (await startReplica(new URL(replica.url).port)).started;
    },
    said: () => all.map(({ said }) => said()).join("\n"),
    async close() {
      await Promise.all([...working, ...front.map(({ started }) => started)].map(end));
    },
  };
}
