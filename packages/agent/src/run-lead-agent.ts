import type { AgentContext, JobSpec, MemoryChange, PersonProfile, SourcePreflight } from "@cmo/engine";
import { toCmoError } from "@cmo/engine";
import { type DiscoveredPage, discover } from "./discovery/discover.ts";
import { enrich } from "./enrichment/enrich.ts";
import { exportLeads } from "./export/export-leads.ts";
import { extract, type OpenedRepository } from "./extraction/extract.ts";
import { createPeopleLedger } from "./extraction/people-ledger.ts";
import { withoutKnown } from "./known/without-known.ts";
import type { LeadAgentOptions, LeadSources } from "./lead-agent.ts";
import type { AnswerCache } from "./memory/answer-cache.ts";
import { type LeadState, leadBegin, readLeadState } from "./memory/lead-state.ts";
import { createWorkingMemory } from "./memory/working-memory.ts";
import { prefetch } from "./pipeline/prefetch.ts";
import { createReportGates } from "./pipeline/report-gate.ts";
import { createStageReports } from "./pipeline/stage-reports.ts";
import { scorePeople } from "./scoring/score-people.ts";
import { keepWilling } from "./scoring/willing-person.ts";
import { createDisposableDomains } from "./validation/disposable-domain.ts";
import { validate } from "./validation/validate.ts";

/** How many of the people found can be contacted, until the campaign itself has shown it. */
const expectedShare = 0.3;

/** A page with who was active in its repositories. */
interface OpenedPage {
  readonly discovered: DiscoveredPage;
  readonly opened: readonly OpenedRepository[];
}

/**
 * One pass of the lead agent. Pages flow through discovery, extraction and enrichment, each stage one page ahead of
 * the next; they are committed in the order of the searches, so that what counts never depends on who answered first.
 * Each committed page is a checkpoint that the next pass begins from; what ran ahead of it is read back by its tasks.
 */
export async function runLeadAgent(
  spec: JobSpec,
  context: AgentContext,
  options: LeadAgentOptions,
): Promise<void> {
  const sources = await options.openSources(spec, { tenant: context.tenant });
  const { source, mail } = sources;
  const caches = cachesOf(sources, await preflight(context, sources));
  const memory = createWorkingMemory(context.memory);
  let state = readLeadState(context.memory.restored()) ?? leadBegin(spec);
  /** Whether everything up to here was answered; what a job that is brought to its end early goes over may not be. */
  let isWhole = true;

  const reports = createStageReports(spec, context, state.reports);
  const ledger = createPeopleLedger(spec, memory, state.ledger);
  const gates = createReportGates();
  const ahead = new AbortController();
  const isDisposable = createDisposableDomains();
  const parts = { spec, context, memory, source, mail, ...caches, isDisposable, signal: ahead.signal };

  if (spec.onlyNew?.baseline === null) {
    context.warn("data.no_baseline", "No earlier run of this campaign is kept: everybody counts as new.");
  }
  reports.begin();
  const pages = prefetch(openPages(), ({ opened }) => moreIsWanted(opened.length));
  // Not a `for await`: leaving one waits for the page ahead, which has to be aborted first.
  try {
    while (state.pages === 0 || reports.counts().qualified < spec.targetLeads) {
      gates.admit();
      const page = await pages.next();
      if (page.done) break;
      await commit(page.value);
    }
  } finally {
    ahead.abort();
    await closeQuietly(pages);
  }

  // A job that is brought to its end early has not been through its searches; it says only what it has.
  if (!context.partial) {
    const { truncated, opened } = ledger.counts();
    if (truncated > 0) {
      context.warn(
        "data.history_truncated",
        `More commits in the window than the ${spec.limits.commitsPerRepo} that were read in ${truncated} of ${opened} repositories; limits.deep_history reads all.`,
      );
    }
    reports.completeSearch(ledger);
  }
  reports.judging(0);
  reports.completeValidation();
  const { willing, scored, exported } = state;
  const people = await scorePeople({
    ...parts,
    willing,
    scored,
    save: (count, changes) => keepEnd({ scored: count }, changes),
  });
  await exportLeads(people, {
    ...parts,
    agent: options,
    exported,
    save: (counts) => keepEnd({ exported: counts }),
  });

  /** Pages of repositories with who was active in them. What a page reports waits until it is certain to count. */
  async function* openPages(): AsyncGenerator<OpenedPage, void, undefined> {
    const found = prefetch(discover({ ...parts, cursor: state.cursor }), ({ repositories }) =>
      moreIsWanted(repositories.length),
    );
    for await (const discovered of found) yield await openPage(discovered);
  }

  async function openPage(discovered: DiscoveredPage): Promise<OpenedPage> {
    const gate = gates.next();
    gate.report(() => reports.discovered(discovered));
    const opened: OpenedRepository[] = [];
    for await (const one of extract(discovered.repositories, parts)) {
      opened.push(one);
      gate.report(() => reports.opened(one));
    }
    return { discovered, opened };
  }

  /** Whether the next page will probably be needed; only ever decides how early it is asked for. */
  function moreIsWanted(repositories: number): boolean {
    const { judged, qualified } = reports.counts();
    const share = judged < 20 ? expectedShare : qualified / judged;
    return qualified + repositories * spec.limits.peoplePerRepo * share * 0.5 < spec.targetLeads;
  }

  /** Takes a page into the results. From here on everything is in the order of the searches. */
  async function commit({ discovered, opened }: OpenedPage): Promise<void> {
    const { candidates, changes } = await ledger.take(opened);
    reports.committed(ledger, candidates.length);
    const profiles: PersonProfile[] = [];
    let answered = 0;
    for await (const { profile, missing } of enrich(candidates, parts)) {
      answered += 1;
      if (profile !== null) profiles.push(profile);
      reports.enriched(profile === null ? (missing ?? "unavailable") : null);
    }
    const fresh = await withoutKnown(profiles, parts);
    reports.judging(fresh.known.length + fresh.profiles.length);
    for (const answer of fresh.known) reports.known(answer);
    const validation = await validate(fresh.profiles, parts);
    for (const { judgement } of validation.judged) reports.judged(judgement);
    const kept = keepWilling(validation.judged, state.willing);
    isWhole &&=
      discovered.isWhole &&
      opened.length === discovered.repositories.length &&
      answered === candidates.length &&
      validation.isWhole;
    await keepPage(discovered, [...discovered.changes, ...changes, ...kept], kept.length);
  }

  async function keepPage(
    { cursor }: DiscoveredPage,
    changes: readonly MemoryChange[],
    willingMore: number,
  ): Promise<void> {
    state = {
      ...state,
      pages: state.pages + 1,
      cursor,
      ledger: ledger.counts(),
      reports: reports.counts(),
      willing: state.willing + willingMore,
    };
    // What is not whole is no place to go on from: it is kept in mind only.
    if (isWhole) await memory.save(state, changes);
    else memory.hold(changes);
  }

  /** The searches of a job that is brought to its end early are not over: its scores are not kept. */
  async function keepEnd(
    change: Pick<LeadState, "scored"> | Pick<LeadState, "exported">,
    changes: readonly MemoryChange[] = [],
  ): Promise<void> {
    if (context.partial) return;
    state = { ...state, ...change };
    await memory.save(state, changes);
  }
}

/** Finds out once per job what the credentials may read; a wrong one ends the job at its first request. */
async function preflight(context: AgentContext, { source }: LeadSources): Promise<SourcePreflight | null> {
  const outcomes = context.tasks("preflight", [{ id: source.id, input: null }], async (_items, call) => [
    { id: source.id, value: await source.preflight(call) },
  ]);
  for await (const { value } of outcomes) {
    // After a restart the answer was read from the store, and the source knows nothing of it.
    source.recallPreflight?.(value.access);
    for (const note of value.notes) context.warn(note.code, note.message);
    return value;
  }
  return null;
}

/** Whose answers will do: those of jobs whose credentials may see the same. */
function cachesOf(
  { source, cacheScope = null, mailScope = null, cacheMaxAgeMs = null }: LeadSources,
  seen: SourcePreflight | null,
): { cache: AnswerCache | null; mailCache: AnswerCache | null } {
  const hasCache = cacheScope !== null && seen !== null;
  return {
    cache: hasCache
      ? { scope: JSON.stringify([cacheScope, source.id, seen.viewer]), maxAgeMs: cacheMaxAgeMs }
      : null,
    mailCache: mailScope === null ? null : { scope: mailScope, maxAgeMs: cacheMaxAgeMs },
  };
}

async function closeQuietly(pages: AsyncGenerator<unknown, void, undefined>): Promise<void> {
  try {
    await pages.return();
  } catch (error) {
    // A page that was asked for ahead and is no longer wanted ends as cancelled.
    if (toCmoError(error).code !== "cancelled") throw error;
  }
}
