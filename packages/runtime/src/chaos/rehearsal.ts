import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Agent,
  type Clock,
  createMemoryStore,
  type JobSpec,
  type MailPort,
  type Store,
} from "@cmo/engine";
import { writeFileAtomically } from "@cmo/exporters";
import { createGitHubSource } from "@cmo/github";
import type { GitHubSimulator, ObservedRequest, SimulatorOptions } from "@cmo/github-simulator";
import type { Host } from "../host/host.ts";
import { nodeDigest } from "../host/node-digest.ts";
import { openMail } from "../mail/open-mail.ts";
import { createRuntime, type Runtime } from "../runtime/create-runtime.ts";
import { openStore } from "../store/open-store.ts";
import { mortalClock, mortalFetch, mortalMail, mortalWriteFile, type WriteFile } from "./mortal-port.ts";
import { mortalStore } from "./mortal-store.ts";
import type { Mortality } from "./mortality.ts";
import { recordAnswered } from "./record-answered.ts";
import { seededRandom } from "./seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

/** What is rehearsed. */
export interface RehearsalPlan {
  readonly jobId: string;
  /** The spec of the job, for the store of this runtime. */
  specFor(runtime: Runtime): Promise<JobSpec>;
  /** The instant at which the campaign begins, in milliseconds since the epoch. */
  readonly now: number;
  readonly simulator: Omit<SimulatorOptions, "clock" | "onRequest">;
  /** Requests at once. */
  readonly concurrency: number;
  readonly mail: "simulator" | "none";
  readonly store: "sqlite" | "memory";
  /** Of the randomness of all processes. */
  readonly seed: number;
  /** What is put around the store and the agent; for those who try their own, or a broken one. */
  wrapStore?(store: Store): Store;
  wrapAgent?(agent: Agent): Agent;
}

/** A process of a rehearsal. */
export interface RehearsedProcess {
  readonly runtime: Runtime;
  readonly writeFile: WriteFile;
}

/**
 * What goes on when processes end: the time, a GitHub that remembers its requests, a database file (or a memory that is
 * nobody's), and a folder for exports.
 */
export interface Rehearsal {
  readonly clock: VirtualClock;
  readonly simulator: GitHubSimulator;
  /** All requests that were answered, or would have been if anybody had waited for it. */
  readonly requests: readonly ObservedRequest[];
  /** The ids of all items whose results are stored. */
  answered(): ReadonlySet<string>;
  /** Where everything is: the database, and what is exported. */
  readonly folder: string;
  /** Where files are exported to. */
  readonly exports: string;
  /**
   * Starts a process: a store object, a source and an engine of its own. What `mortality` leaves open stays open until
   * {@link Rehearsal.remove}.
   */
  start(mortality?: Mortality): Promise<RehearsedProcess>;
  /** Stops the time, closes what is open, and removes all files. */
  remove(): Promise<void>;
}

/** After how long without a sign of life a job of a rehearsal goes to the next process, in milliseconds. */
export const rehearsalLeaseMs = 30_000;

/** A {@link Rehearsal} that nothing has happened in. */
export async function createRehearsal(plan: RehearsalPlan): Promise<Rehearsal> {
  const { createGitHubSimulator } = await import("@cmo/github-simulator");
  const clock = createVirtualClock({ now: plan.now });
  const folder = await mkdtemp(join(tmpdir(), "cmo-chaos-"));
  const exports = join(folder, "exports");
  await mkdir(exports);
  const requests: ObservedRequest[] = [];
  const answered = new Set<string>();
  const stores = new Set<Store>();
  const files = new Set<Promise<unknown>>();
  const over = new AbortController();
  const memory =
    plan.store === "memory" ? createMemoryStore({ clock, random: seededRandom(`${plan.seed} store`) }) : null;
  const simulator = createGitHubSimulator({
    ...plan.simulator,
    onRequest: (request) => requests.push(request),
    clock: {
      now: () => clock.now(),
      async sleep(ms, signal) {
        await clock.sleep(ms, signal);
        signal?.throwIfAborted();
      },
    },
  });
  const mail = await openMail({ mail: plan.mail, dns: noDns, standIn: false });
  let processes = 0;

  async function open(): Promise<Store> {
    const store =
      memory ?? (await openStore({ type: "file", path: join(folder, "cmo.db") }, hostFor("store")));
    stores.add(store);
    return recordAnswered(plan.wrapStore?.(store) ?? store, answered);
  }

  function hostFor(name: string): Host {
    return rehearsalHost(clock, `${plan.seed} ${name}`, folder);
  }

  async function write(path: string, pieces: AsyncIterable<string>): Promise<{ bytes: number }> {
    const writing = writeFileAtomically(path, pieces, { signal: over.signal });
    files.add(writing);
    return writing;
  }

  return {
    clock,
    simulator,
    requests,
    answered: () => answered,
    folder,
    exports,
    async start(mortality) {
      processes += 1;
      const store = await open();
      const host = hostFor(`process ${processes}`);
      const network = (url: string, init?: RequestInit) => simulator.fetch(url, init);
      const time = mortality === undefined ? clock : mortalClock(clock, mortality);
      const source = createGitHubSource({
        fetch: mortality === undefined ? network : mortalFetch(network, mortality),
        token: "simulated",
        apiUrl: simulatedOrigin,
        graphqlUrl: `${simulatedOrigin}/graphql`,
        clock: time,
        random: host.random,
        digest: nodeDigest,
        concurrency: plan.concurrency,
      });
      const parts = {
        host: { ...host, clock: time },
        store: mortality === undefined ? store : mortalStore(store, mortality),
        leaseMs: rehearsalLeaseMs,
        sources: {
          open: async () => ({ source, mail: mortality === undefined ? mail : mortalMail(mail, mortality) }),
          github: () => Promise.resolve(source),
          dnsMail: noDns,
        },
      };
      const runtime = createRuntime(parts);
      const agent = plan.wrapAgent?.(runtime.agent);
      return {
        runtime: agent === undefined ? runtime : createRuntime({ ...parts, agent }),
        writeFile: mortality === undefined ? write : mortalWriteFile(write, mortality),
      };
    },
    async remove() {
      clock.stop();
      over.abort();
      await Promise.allSettled(files);
      for (const store of stores) await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A host that knows nothing of the environment: there is no token, and no network to ask anybody. */
export function rehearsalHost(clock: Clock, seed: string, folder = tmpdir()): Host {
  return {
    env: {},
    cwd: folder,
    home: folder,
    platform: process.platform,
    clock,
    random: seededRandom(seed),
    fetch: () => Promise.reject(new TypeError("A rehearsal has no network.")),
    runGh: async () => null,
    nodeVersion: process.versions.node,
  };
}

const simulatedOrigin = "https://api.simulator.example";

function noDns(): MailPort {
  throw new Error("A rehearsal asks no name server.");
}
