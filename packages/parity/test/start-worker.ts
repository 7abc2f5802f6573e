import { mkdir } from "node:fs/promises";
import { heard, type RunningCmo, startCmo } from "@cmo/command";

/** How a worker of a fleet is started. */
export interface WorkerOptions {
  /** Its working folder and home; made when it is missing. */
  readonly home: string;
  /** Of the database. */
  readonly store: string;
  /** How long it may be silent. */
  readonly leaseMs: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `cmo worker` in a process of its own; resolves when it looks for jobs. */
export async function startWorker({ home, store, leaseMs, env = {} }: WorkerOptions): Promise<RunningCmo> {
  await mkdir(home, { recursive: true });
  const started = startCmo(["worker"], home, {
    CMO_STORE: store,
    CMO_LEASE_MS: `${leaseMs}`,
    CMO_CACHE: "off",
    CMO_STORE_CONNECTIONS: "5",
    ...env,
  });
  await heard(started, /worker of/);
  return started;
}

/** Ends processes without a word; resolves when they are gone. */
export async function endAll(started: readonly RunningCmo[]): Promise<void> {
  await Promise.all(
    started.map(async ({ child, ended }) => {
      child.kill("SIGKILL");
      await ended;
    }),
  );
}
