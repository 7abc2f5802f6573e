import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLeadAgent } from "@cmo/agent";
import { createUnifiedEngine, type Engine, type JobSpec, type Lead, withoutFetchTimes } from "@cmo/engine";
import { createFakeClock, type FakeClock, seededRandom } from "@cmo/engine/testing";
import { leadExporters, measureExport } from "@cmo/exporters";
import { createGitHubSource } from "@cmo/github";
import {
  createGitHubSimulator,
  createSimulatorMail,
  type GitHubSimulator,
  type ObservedRequest,
  type SimulatorOptions,
} from "@cmo/github-simulator";
import { createSqliteStore } from "@cmo/store-sqlite";
import { nodeDigest } from "../../src/index.ts";
import { asOf, type CampaignOutcome, origin, readOutcome } from "../campaign/campaign.ts";
import { type Mortality, mortalClock, mortalFetch, mortalMail, mortalStore } from "./mortality.ts";

/** How many requests a campaign here may have on their way at once. */
export const concurrency = 2;

/** What goes on when processes end: the time, a GitHub that remembers its requests, and a database file. */
export interface Surroundings {
  readonly clock: FakeClock;
  readonly simulator: GitHubSimulator;
  /** All requests that were answered, or would have been if anybody had waited for it. */
  readonly requests: readonly ObservedRequest[];
  /**
   * Starts a process: a store object, a source and an engine of its own on the same file. Nothing that `mortality` ends
   * is closed before {@link Surroundings.remove}.
   */
  start(mortality?: Mortality): Promise<Engine>;
  /** Closes what is open, and removes the file. */
  remove(): Promise<void>;
}

/** What is left of a campaign for whoever looks at it afterwards. */
export interface Remains extends CampaignOutcome {
  /** The native lead files, with the times of asking blank. */
  readonly files: Readonly<Record<string, string>>;
}

/** {@link Surroundings} with an empty folder for the database. */
export function createSurroundings(options: SimulatorOptions = {}): Surroundings {
  const clock = createFakeClock({ now: asOf, auto: true });
  const folder = mkdtempSync(join(tmpdir(), "cmo-durable-"));
  const requests: ObservedRequest[] = [];
  const open: { close(): Promise<void> }[] = [];
  const simulator = createGitHubSimulator({
    seed: 5,
    repositories: 60,
    asOf,
    latencyMs: 40,
    ...options,
    onRequest: (request) => requests.push(request),
    clock: {
      now: () => clock.now(),
      async sleep(ms, signal) {
        await clock.sleep(ms, signal);
        signal?.throwIfAborted();
      },
    },
  });
  let processes = 0;

  return {
    clock,
    simulator,
    requests,
    async start(mortality) {
      processes += 1;
      const sqlite = await createSqliteStore({
        path: join(folder, "cmo.db"),
        clock,
        // Nobody else writes while a process lives, and real time plays no part.
        pollMs: 3_600_000,
      });
      open.push(sqlite);
      const network = (url: string, init?: RequestInit) => simulator.fetch(url, init);
      const time = mortality === undefined ? clock : mortalClock(clock, mortality);
      const mail = createSimulatorMail();
      const source = createGitHubSource({
        fetch: mortality === undefined ? network : mortalFetch(network, mortality),
        token: "simulated",
        apiUrl: origin,
        graphqlUrl: `${origin}/graphql`,
        clock: time,
        random: seededRandom(processes),
        digest: nodeDigest,
        concurrency,
      });
      const agent = createLeadAgent({
        openSources: () => ({ source, mail: mortality === undefined ? mail : mortalMail(mail, mortality) }),
        exporters: nativeExporters,
        measure: measureExport,
        digest: nodeDigest,
      });
      return createUnifiedEngine({
        agent,
        clock: time,
        random: seededRandom(processes + 100),
        digest: nodeDigest,
        store: mortality === undefined ? sqlite : mortalStore(sqlite, mortality),
      });
    },
    async remove() {
      for (const one of open) await one.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Puts the job in unless it is there, and works on it until it has ended. */
export async function carryOut(engine: Engine, jobId: string, spec: JobSpec): Promise<void> {
  if ((await engine.job(jobId)) === null) await engine.submit(spec, { jobId });
  await engine.attend(jobId);
}

/** Reads what a job came to, and renders its files. */
export async function readRemains(engine: Engine, jobId: string): Promise<Remains> {
  const outcome = await readOutcome(engine, jobId);
  const files: Record<string, string> = {};
  for (const exporter of nativeExporters) {
    const leads = outcome.leads.map(withoutFetchTimes);
    let text = "";
    for await (const piece of exporter.render(inTurn(leads), leads.length)) text += piece;
    files[exporter.kind] = text;
  }
  return { ...outcome, files };
}

const nativeExporters = leadExporters.filter((exporter) => exporter.rows === "all");

async function* inTurn(leads: readonly Lead[]): AsyncGenerator<Lead> {
  yield* leads;
}
