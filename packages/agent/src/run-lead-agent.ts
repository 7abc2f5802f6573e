import { type AgentContext, type JobSpec, type PersonProfile, toCmoError } from "@cmo/engine";
import { type DiscoveredPage, discover } from "./discovery/discover.ts";
import { enrich } from "./enrichment/enrich.ts";
import { exportLeads } from "./export/export-leads.ts";
import { extract, type OpenedRepository } from "./extraction/extract.ts";
import { createPeopleLedger } from "./extraction/people-ledger.ts";
import type { LeadAgentOptions, LeadSources } from "./lead-agent.ts";
import { createDropCount } from "./pipeline/drop-count.ts";
import { prefetch } from "./pipeline/prefetch.ts";
import { createReportGate, type ReportGate } from "./pipeline/report-gate.ts";
import { createStageReports } from "./pipeline/stage-reports.ts";
import { scorePeople } from "./scoring/score-people.ts";
import type { ContactJudgement } from "./validation/contact-judgement.ts";
import { validate } from "./validation/validate.ts";

/** Somebody whose profile was read and judged. */
export interface JudgedProfile {
  readonly profile: PersonProfile;
  readonly judgement: ContactJudgement;
}

/** A page of repositories with who was active in them. What it reports waits until it is certain that it counts. */
interface OpenedPage {
  readonly discovered: DiscoveredPage;
  readonly opened: readonly OpenedRepository[];
  readonly gate: ReportGate;
}

/** How many of the people found can be contacted, until the campaign itself has shown it. */
const expectedShare = 0.3;

/**
 * One pass of the lead agent. Pages flow through discovery, extraction and enrichment, each stage one page ahead of
 * the next; they are committed in the order of the searches, so that what counts never depends on who answered first.
 */
export async function runLeadAgent(
  spec: JobSpec,
  context: AgentContext,
  options: LeadAgentOptions,
): Promise<void> {
  const sources = await options.openSources(spec);
  await preflight(context, sources);

  const reports = createStageReports(spec, context);
  const ledger = createPeopleLedger(spec);
  const enrichmentDrops = createDropCount();
  const judged: JudgedProfile[] = [];
  const ahead = new AbortController();
  const parts = { spec, context, ...sources, signal: ahead.signal };
  let qualified = 0;
  let begun = false;

  reports.begin();
  const pages = prefetch(openPages(), ({ opened }) => moreIsWanted(opened.length));
  try {
    for await (const page of pages) {
      page.gate.open();
      await commit(page);
      if (qualified >= spec.targetLeads) break;
    }
  } finally {
    ahead.abort();
    await closeQuietly(pages);
  }

  // A job that is brought to its end early has not been through its searches; it says only what it has.
  if (!context.partial) {
    if (ledger.truncated() > 0) {
      context.warn(
        "data.history_truncated",
        `${ledger.truncated()} repositories have more commits in the window than the ${spec.limits.commitsPerRepo} that were read; limits.deep_history reads all.`,
      );
    }
    reports.completeSearch(ledger, enrichmentDrops.byReason());
  }
  reports.judging(0);
  reports.completeValidation(judged);
  const people = scorePeople(judged, ledger, spec, context);
  await exportLeads(people, spec, context, options);

  async function* openPages(): AsyncGenerator<OpenedPage, void, undefined> {
    const found = discover(parts);
    for await (const discovered of prefetch(found, ({ repositories }) => moreIsWanted(repositories.length))) {
      const gate = createReportGate();
      if (!begun) gate.open();
      begun = true;
      gate.report(() => reports.discovered(discovered));
      const opened: OpenedRepository[] = [];
      for await (const one of extract(discovered.repositories, parts)) {
        opened.push(one);
        gate.report(() => reports.opened(one));
      }
      yield { discovered, opened, gate };
    }
  }

  /** Whether the next page will probably be needed; only ever decides how early it is asked for. */
  function moreIsWanted(repositories: number): boolean {
    const share = judged.length < 20 ? expectedShare : qualified / judged.length;
    return qualified + repositories * spec.limits.peoplePerRepo * share * 0.5 < spec.targetLeads;
  }

  /** Takes a page into the results. From here on everything is in the order of the searches. */
  async function commit({ opened }: OpenedPage): Promise<void> {
    const candidates = opened.flatMap((repository) => ledger.take(repository));
    reports.committed(ledger, candidates.length);
    const profiles: PersonProfile[] = [];
    for await (const { profile, missing } of enrich(candidates, parts)) {
      if (profile === null) enrichmentDrops.add(missing ?? "unavailable");
      else profiles.push(profile);
      reports.enriched(profile !== null);
    }
    reports.judging(profiles.length);
    for (const [index, judgement] of (await validate(profiles, parts)).entries()) {
      const profile = profiles[index];
      if (profile === undefined) continue;
      judged.push({ profile, judgement });
      if (judgement.contactable) qualified += 1;
      reports.judged(judgement.contactable);
    }
  }
}

/** Finds out once per job what the credentials may read; a wrong one ends the job at its first request. */
async function preflight(context: AgentContext, { source }: LeadSources): Promise<void> {
  const outcomes = context.tasks("preflight", [{ id: source.id, input: null }], async (_items, call) => [
    { id: source.id, value: await source.preflight(call) },
  ]);
  for await (const { value } of outcomes) {
    for (const note of value.notes) context.warn(note.code, note.message);
  }
}

async function closeQuietly(pages: AsyncGenerator<unknown, void, undefined>): Promise<void> {
  try {
    await pages.return();
  } catch (error) {
    // A page that was asked for ahead and is no longer wanted ends as cancelled.
    if (toCmoError(error).code !== "cancelled") throw error;
  }
}
