import { type AgentContext, type JobSpec, type PersonProfile, toCmoError } from "@cmo/engine";
import { type DiscoveredPage, discover } from "./discovery/discover.ts";
import { enrich } from "./enrichment/enrich.ts";
import { exportLeads } from "./export/export-leads.ts";
import { extract, type OpenedRepository } from "./extraction/extract.ts";
import { createPeopleLedger } from "./extraction/people-ledger.ts";
import type { LeadAgentOptions, LeadSources } from "./lead-agent.ts";
import { createDropCount } from "./pipeline/drop-count.ts";
import { prefetch } from "./pipeline/prefetch.ts";
import { createReportGates } from "./pipeline/report-gate.ts";
import { createStageReports } from "./pipeline/stage-reports.ts";
import { scorePeople } from "./scoring/score-people.ts";
import type { JudgedProfile } from "./validation/contact-judgement.ts";
import { createDisposableDomains } from "./validation/disposable-domain.ts";
import { validate } from "./validation/validate.ts";

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
  const gates = createReportGates();
  const ahead = new AbortController();
  const isDisposable = createDisposableDomains();
  const parts = { spec, context, ...sources, isDisposable, signal: ahead.signal };
  let qualified = 0;

  reports.begin();
  const pages = prefetch(openPages(), (opened) => moreIsWanted(opened.length));
  // Not a `for await`: leaving one waits for the page ahead, which has to be aborted first.
  try {
    do {
      gates.admit();
      const page = await pages.next();
      if (page.done) break;
      await commit(page.value);
    } while (qualified < spec.targetLeads);
  } finally {
    ahead.abort();
    await closeQuietly(pages);
  }

  // A job that is brought to its end early has not been through its searches; it says only what it has.
  if (!context.partial) {
    if (ledger.truncated() > 0) {
      context.warn(
        "data.history_truncated",
        `More commits in the window than the ${spec.limits.commitsPerRepo} that were read in ${ledger.truncated()} of ${ledger.opened()} repositories; limits.deep_history reads all.`,
      );
    }
    reports.completeSearch(ledger, enrichmentDrops.byReason());
  }
  reports.judging(0);
  reports.completeValidation(judged);
  const people = scorePeople(judged, ledger, spec, context);
  await exportLeads(people, spec, context, options);

  /** Pages of repositories with who was active in them. What a page reports waits until it is certain to count. */
  async function* openPages(): AsyncGenerator<readonly OpenedRepository[], void, undefined> {
    const found = prefetch(discover(parts), ({ repositories }) => moreIsWanted(repositories.length));
    for await (const discovered of found) yield await openPage(discovered);
  }

  async function openPage(discovered: DiscoveredPage): Promise<readonly OpenedRepository[]> {
    const gate = gates.next();
    gate.report(() => reports.discovered(discovered));
    const opened: OpenedRepository[] = [];
    for await (const one of extract(discovered.repositories, parts)) {
      opened.push(one);
      gate.report(() => reports.opened(one));
    }
    return opened;
  }

  /** Whether the next page will probably be needed; only ever decides how early it is asked for. */
  function moreIsWanted(repositories: number): boolean {
    const share = judged.length < 20 ? expectedShare : qualified / judged.length;
    return qualified + repositories * spec.limits.peoplePerRepo * share * 0.5 < spec.targetLeads;
  }

  /** Takes a page into the results. From here on everything is in the order of the searches. */
  async function commit(opened: readonly OpenedRepository[]): Promise<void> {
    const candidates = opened.flatMap((repository) => ledger.take(repository));
    reports.committed(ledger, candidates.length);
    const profiles: PersonProfile[] = [];
    for await (const { profile, missing } of enrich(candidates, parts)) {
      if (profile === null) enrichmentDrops.add(missing ?? "unavailable");
      else profiles.push(profile);
      reports.enriched(profile !== null);
    }
    reports.judging(profiles.length);
    for (const one of await validate(profiles, parts)) {
      judged.push(one);
      if (one.judgement.contactable) qualified += 1;
      reports.judged(one.judgement.contactable);
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
