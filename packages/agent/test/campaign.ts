import {
  type Clock,
  CmoError,
  canonicalLog,
  comparableSummary,
  createJobSpec,
  createMemoryStore,
  createUnifiedEngine,
  type Engine,
  type JobEvent,
  type JobSpec,
  type Lead,
  type LeadExporter,
  type MailPort,
  type Random,
  type Source,
  type Store,
  withoutFetchTimes,
} from "@cmo/engine";
import { buildCampaign, seededRandom, testDigest } from "@cmo/engine/testing";
import { createLeadAgent, type LeadSources, type MeasureExport } from "../src/index.ts";

/** An exporter of lines; the agent does not know what is in a file. */
export const linesExporter: LeadExporter = {
  id: "lines",
  kind: "leads_lines",
  mediaType: "text/plain",
  rows: "all",
  fileName: (jobId) => `${jobId}_leads.txt`,
  async *render(leads) {
    for await (const lead of leads) yield `${JSON.stringify(lead)}\n`;
  },
};

const measure: MeasureExport = async (exporter, leads, count, digest) => {
  const hash = digest();
  let bytes = 0;
  async function* comparable() {
    for await (const lead of leads()) yield withoutFetchTimes(lead);
  }
  let rows = 0;
  for await (const piece of exporter.render(comparable(), count)) {
    rows += 1;
    bytes += piece.length;
    hash.update(piece);
  }
  if (rows !== count) throw new CmoError("export_failed", `There are ${rows} leads, not ${count}.`);
  return { bytes, rows: count, digest: hash.digest("hex") };
};

/** `.test` takes no mail, `.invalid` is reserved, everything else does. */
export const fakeMail: MailPort = {
  isReserved: (domain) => domain.endsWith(".invalid"),
  lookup: async (domain) => (domain.endsWith(".test") ? "no_mail" : "ok"),
};

/** What a test campaign is made of. */
export interface TestCampaignOptions {
  source: Source;
  clock: Clock;
  mail?: MailPort;
  random?: Random;
  store?: Store;
  /** Whose answers the jobs share. Default: nobody's. */
  sharing?: Pick<LeadSources, "cacheScope" | "mailScope" | "cacheMaxAgeMs">;
  leaseMs?: number;
  pollMs?: number;
}

/** An engine with the lead agent over a source. */
export function createTestEngine(options: TestCampaignOptions): Engine {
  const { source, clock, mail = fakeMail, random = seededRandom(7), ...rest } = options;
  return createUnifiedEngine({
    agent: createTestAgent(source, mail, options.sharing),
    clock,
    random,
    digest: testDigest,
    store: options.store ?? createMemoryStore({ clock, random }),
    ...(rest.leaseMs === undefined ? {} : { leaseMs: rest.leaseMs }),
    ...(rest.pollMs === undefined ? {} : { pollMs: rest.pollMs }),
  });
}

export function createTestAgent(
  source: Source,
  mail: MailPort = fakeMail,
  sharing: TestCampaignOptions["sharing"] = {},
) {
  return createLeadAgent({
    openSources: () => ({ source, mail, ...sharing }),
    exporters: [linesExporter],
    measure,
    digest: testDigest,
  });
}

const noSource = null as unknown as Source;

/** The spec of a campaign, as of 2030-01-01. `overrides` are keys of a config. */
export function specOf(
  overrides: Readonly<Record<string, unknown>> = {},
  suppression: JobSpec["suppress"] = [],
): JobSpec {
  return createJobSpec(buildCampaign(overrides), {
    agent: createTestAgent(noSource),
    now: new Date("2030-01-01T00:00:00.000Z"),
    suppression: [...suppression],
  });
}

/** What two runs of the same campaign are compared by. */
export interface Outcome {
  readonly log: readonly string[];
  readonly summary: unknown;
  readonly leads: readonly Lead[];
}

/** What a job came to. */
export async function outcomeOf(engine: Engine, jobId: string): Promise<Outcome> {
  const leads: Lead[] = [];
  for await (const lead of engine.leads(jobId)) leads.push(withoutFetchTimes(lead));
  return {
    log: canonicalLog(await eventsOf(engine.store, jobId)),
    summary: comparableSummary(await engine.summary(jobId)),
    leads,
  };
}

export async function eventsOf(store: Store, jobId: string): Promise<readonly JobEvent[]> {
  return store.readEvents(jobId, 0, 1_000_000);
}

/** All leads of a job, by rank. */
export async function leadsOf(engine: Engine, jobId: string | null): Promise<Lead[]> {
  const leads: Lead[] = [];
  for await (const lead of engine.leads(jobId ?? "")) leads.push(lead);
  return leads;
}
