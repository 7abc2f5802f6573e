import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createClock,
  createUnifiedEngine,
  decodeJobEvent,
  type Engine,
  type Job,
  type JobEvent,
} from "@cmo/engine";
import { createGitHubSimulator, listenGitHubSimulator } from "@cmo/github-simulator";
import { nodeDigest, nodeRandom, openStore } from "@cmo/runtime";
import { type CmoResult, type RunningCmo, runCmo, startCmo } from "./run-cmo.ts";

/** A folder with a campaign and a store in it, and a simulated GitHub on a port. */
export interface CampaignPlace {
  readonly cwd: string;
  /** What its processes have in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** How many requests the simulator has had. */
  requests(): number;
  /** Resolves when so many more requests have come. */
  moreRequests(count: number): Promise<void>;
  /**
   * Answers so many more requests and lets all others wait until `release`; resolves when one waits. What happens in
   * between cannot come too late.
   */
  hold(answered: number): Promise<void>;
  release(): void;
  run(args: readonly string[], more?: Readonly<Record<string, string>>): Promise<CmoResult>;
  start(args: readonly string[], more?: Readonly<Record<string, string>>): RunningCmo;
  /** The id of the newest job; waits until there is one. */
  newestJob(): Promise<string>;
  /** Resolves when the job is as it is wanted. */
  until(jobId: string, wanted: (job: Job) => boolean): Promise<Job>;
  /** An engine over the same store, for what a person could do too. It has no agent of its own. */
  engine: Engine;
  events(jobId: string): Promise<JobEvent[]>;
  /** The text of a file of the job in `exports`. */
  file(jobId: string, name: string): Promise<string>;
  files(): Promise<string[]>;
  close(): Promise<void>;
}

/** What is different from a small campaign. */
export interface CampaignPlaceOptions {
  /** After how long a job whose process was killed goes on. */
  leaseMs?: number;
  /** How large the simulated world is. */
  repositories?: number;
  targetLeads?: number;
  /** More keys of the config, as YAML. */
  more?: string;
}

/** Opens a {@link CampaignPlace}. */
export async function openCampaignPlace({
  leaseMs = 15_000,
  repositories = 300,
  targetLeads = 40,
  more = "",
}: CampaignPlaceOptions = {}): Promise<CampaignPlace> {
  const cwd = await mkdtemp(join(tmpdir(), "cmo-durable-"));
  const campaign = `name: small
params: { language: Go, stars_range: ">=10", activity_days: 365, target_leads: ${targetLeads} }
default_icp: { topics: [] }
source: { type: github, mail: none, concurrency: 2 }
${more}`;
  await writeFile(join(cwd, "small.yaml"), campaign);
  const simulator = createGitHubSimulator({
    seed: 7,
    repositories,
    latencyMs: 30,
    asOf: `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`,
  });
  let requests = 0;
  let answeredUpTo = Number.POSITIVE_INFINITY;
  const waiting = new Set<() => void>();
  const held = new Set<() => void>();
  const listening = await listenGitHubSimulator({
    async fetch(url, init) {
      requests += 1;
      const mine = requests;
      for (const look of waiting) look();
      if (mine > answeredUpTo) await new Promise<void>((resolve) => held.add(resolve));
      return simulator.fetch(url, init);
    },
  });
  function release(): void {
    answeredUpTo = Number.POSITIVE_INFINITY;
    for (const go of held) go();
    held.clear();
  }
  function untilRequests(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (requests < count) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  }
  const path = join(cwd, "store", "cmo.db");
  const clock = createClock(globalThis);
  const store = await openStore({ type: "file", path }, { clock, random: nodeRandom, env: {} });
  const agent = {
    name: "leads",
    version: "0",
    plan: () => [],
    run: () => Promise.reject(new Error("not here")),
  };
  const engine = createUnifiedEngine({ agent, store, clock, random: nodeRandom, digest: nodeDigest });
  const env = {
    CMO_STORE: path,
    CMO_LEASE_MS: String(leaseMs),
    GITHUB_API_URL: listening.url,
    GITHUB_TOKEN: "stand-in-token",
  };

  return {
    cwd,
    env,
    engine,
    requests: () => requests,
    moreRequests: (count) => untilRequests(requests + count),
    hold(answered) {
      answeredUpTo = requests + answered;
      return untilRequests(answeredUpTo + 1);
    },
    release,
    run: (args, more) => runCmo(args, { cwd, env: { ...env, ...more } }),
    start: (args, more) => startCmo(args, { cwd, env: { ...env, ...more } }),
    async newestJob() {
      for (;;) {
        const [job] = await store.listJobs({ limit: 1 });
        if (job !== undefined) return job.id;
        await clock.sleep(10);
      }
    },
    async until(jobId, wanted) {
      for (;;) {
        const job = await store.readJob(jobId);
        if (job !== null && wanted(job)) return job;
        await clock.sleep(10);
      }
    },
    async events(jobId) {
      const { stdout } = await runCmo(["watch", jobId, "--output", "json"], { cwd, env });
      return eventsOf(stdout);
    },
    file: (jobId, name) => readFile(join(cwd, "exports", `${jobId}_${name}`), "utf8"),
    files: async () => (await readdir(join(cwd, "exports")).catch(() => [])).sort(),
    async close() {
      release();
      await store.close();
      await listening.close();
      await rm(cwd, { recursive: true });
    },
  };
}

/** The events of NDJSON. @throws Error for a line that is none. */
export function eventsOf(stdout: string): JobEvent[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const decoded = decodeJobEvent(line);
      if (!decoded.ok) throw new Error(`not an event: ${line}`);
      return decoded.value;
    });
}
