import { createLeadAgent } from "@cmo/agent";
import {
  type Clock,
  canonicalLog,
  comparableSummary,
  createJobSpec,
  createUnifiedEngine,
  type Engine,
  type JobEvent,
  type JobSpec,
  type Lead,
  parseCampaign,
  type RunSummary,
  withoutFetchTimes,
} from "@cmo/engine";
import { createFakeClock, seededRandom } from "@cmo/engine/testing";
import { leadExporters, measureExport } from "@cmo/exporters";
import { createGitHubSource, type Fetch } from "@cmo/github";
import {
  createGitHubSimulator,
  createSimulatorMail,
  type GitHubSimulator,
  type SimulatorOptions,
} from "@cmo/github-simulator";
import { nodeDigest } from "../../src/index.ts";

/** The day that simulated worlds and campaigns look from. */
export const asOf = "2026-11-01T00:00:00.000Z";

/** Where the simulator in the process seems to be. */
export const origin = "https://api.simulator.example";

/** What a joined campaign is made of. */
export interface CampaignOptions {
  clock: Clock;
  fetch: Fetch;
  apiUrl?: string;
  concurrency?: number;
}

/** The engine, the lead agent, the exporters and the GitHub source, joined as the runtime joins them. */
export function joinEngine({ clock, fetch, apiUrl = origin, concurrency = 2 }: CampaignOptions): Engine {
  const source = createGitHubSource({
    fetch,
    token: "simulated",
    apiUrl,
    graphqlUrl: `${apiUrl}/graphql`,
    clock,
    random: seededRandom(1),
    digest: nodeDigest,
    concurrency,
  });
  const agent = createLeadAgent({
    openSources: () => ({ source, mail: createSimulatorMail() }),
    exporters: leadExporters.filter((exporter) => exporter.rows === "all"),
    measure: measureExport,
    digest: nodeDigest,
  });
  return createUnifiedEngine({ agent, clock, random: seededRandom(2), digest: nodeDigest });
}

/** A spec for {@link joinEngine}. `config` is what a person would write. */
export function specOf(config: Readonly<Record<string, unknown>>): JobSpec {
  const parsed = parseCampaign({ name: "joined", source: "simulator", ...config });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const agent = createLeadAgent({
    openSources: () => {
      throw new Error("Not asked for.");
    },
    exporters: [],
    measure: measureExport,
    digest: nodeDigest,
  });
  return createJobSpec(parsed.value, { agent, now: new Date(asOf), suppression: [] });
}

/** A simulator in the process whose time is the engine's, and which only moves when nothing else can happen. */
export function openSimulated(options: SimulatorOptions = {}): {
  simulator: GitHubSimulator;
  clock: Clock;
  fetch: Fetch;
} {
  const clock = createFakeClock({ now: asOf, auto: true });
  const simulator = createGitHubSimulator({
    repositories: 300,
    asOf,
    ...options,
    clock: {
      now: () => clock.now(),
      async sleep(ms, signal) {
        await clock.sleep(ms, signal);
        signal?.throwIfAborted();
      },
    },
  });
  return { simulator, clock, fetch: (url, init) => simulator.fetch(url, init) };
}

/** What a campaign came to. */
export interface CampaignOutcome {
  summary: RunSummary;
  events: readonly JobEvent[];
  leads: readonly Lead[];
  /** What two runs are compared by. */
  comparable: { log: readonly string[]; summary: unknown; leads: readonly Lead[] };
}

/** Runs a campaign to its end. */
export async function runToEnd(engine: Engine, spec: JobSpec): Promise<CampaignOutcome> {
  const { jobId } = await engine.runInproc(spec);
  return readOutcome(engine, jobId ?? "");
}

export async function readOutcome(engine: Engine, jobId: string): Promise<CampaignOutcome> {
  const summary = await engine.summary(jobId);
  const events = await engine.store.readEvents(jobId, 0, 1_000_000);
  const leads: Lead[] = [];
  for await (const lead of engine.leads(jobId)) leads.push(lead);
  return {
    summary,
    events,
    leads,
    comparable: {
      log: canonicalLog(events),
      summary: comparableSummary(summary),
      leads: leads.map(withoutFetchTimes),
    },
  };
}
