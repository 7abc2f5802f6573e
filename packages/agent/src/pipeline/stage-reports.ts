import type { AgentContext, JobSpec, RepositoryRecord } from "@cmo/engine";
import type { DiscoveredPage } from "../discovery/discover.ts";
import { createTally, noTallyCounts, type TallyCounts } from "../export/distribution.ts";
import type { OpenedRepository } from "../extraction/extract.ts";
import type { PeopleLedger } from "../extraction/people-ledger.ts";
import type { KnownAnswer } from "../known/known-answer.ts";
import { type ContactJudgement, optOutReason } from "../validation/contact-judgement.ts";
import { createDropCount } from "./drop-count.ts";

/** What the first four stages say: counters on the way, and counts with their drops at the end. */
export interface StageReports {
  begin(): void;
  /** A page of search results; only pages that count. */
  discovered(page: DiscoveredPage): void;
  /** A repository of such a page was opened. */
  opened(one: OpenedRepository): void;
  /** The repositories of a page were taken into the ledger; `added` people will be asked for. */
  committed(ledger: PeopleLedger, added: number): void;
  /** A person was answered (null), or left out for this reason. */
  enriched(dropped: string | null): void;
  /** These people will be judged. */
  judging(count: number): void;
  judged(judgement: ContactJudgement): void;
  /** One of them is known, and judged no further. */
  known(answer: KnownAnswer): void;
  /** The searches are over, whether by the target or by the end of the matches. */
  completeSearch(ledger: PeopleLedger): void;
  completeValidation(): void;
  /** Everything counted so far. */
  counts(): ReportCounts;
}

/** The reason that somebody was exported before. Wins over all others but that they said no. */
const knownReason = "known";

/** What the reports have counted. JSON. */
export interface ReportCounts {
  readonly claimed: number;
  /** Results of searches. */
  readonly results: number;
  readonly matched: number;
  readonly repositoryDrops: Readonly<Record<string, number>>;
  readonly languages: TallyCounts;
  /** Repositories that were opened, or had no answer. */
  readonly opened: number;
  /** People who were asked for, or left out, and those of them who were answered for. */
  readonly asked: number;
  readonly answered: number;
  readonly profiles: number;
  readonly profileDrops: Readonly<Record<string, number>>;
  readonly toJudge: number;
  readonly judged: number;
  /** People who may be contacted. */
  readonly qualified: number;
  readonly rejected: Readonly<Record<string, number>>;
  /** People who are known and could be compared, and those of them of whom something has changed. */
  readonly compared: number;
  readonly changed: number;
}

/** The counts of reports that have said nothing. */
export const noReportCounts: ReportCounts = {
  claimed: 0,
  results: 0,
  matched: 0,
  repositoryDrops: {},
  languages: noTallyCounts,
  opened: 0,
  asked: 0,
  answered: 0,
  profiles: 0,
  profileDrops: {},
  toJudge: 0,
  judged: 0,
  qualified: 0,
  rejected: {},
  compared: 0,
  changed: 0,
};

/**
 * Counts every thing once, where it is committed, under the names of the summary's counts; the metrics on the way and
 * the counts at the end are the same numbers. Goes on from `begin`.
 */
export function createStageReports(
  spec: JobSpec,
  context: AgentContext,
  begin: ReportCounts = noReportCounts,
): StageReports {
  const discovery = context.stage("discovery");
  const extraction = context.stage("extraction");
  const enrichment = context.stage("enrichment");
  const validation = context.stage("validation");
  const repositoryDrops = createDropCount(begin.repositoryDrops);
  const profileDrops = createDropCount(begin.profileDrops);
  const rejected = createDropCount(begin.rejected);
  const languages = createTally(begin.languages);
  let { claimed, results, matched, opened, asked, answered, profiles, toJudge, judged, qualified } = begin;
  // A checkpoint of a version before has none: it is of a job that knows of no one who is known.
  let { compared = 0, changed = 0 } = begin;

  return {
    begin: () => discovery.start(),

    discovered(page) {
      claimed += page.claimed;
      results += page.results;
      matched += page.repositories.length;
      for (const reason of page.dropped) repositoryDrops.add(reason);
      for (const { language } of page.repositories) languages.add(language);
      if (page.overflow !== null) {
        const { day, claimed: ofDay, reachable } = page.overflow;
        context.warn(
          "data.search_truncated",
          `${ofDay} repositories were created on ${day}; only ${reachable} of them can be reached. Narrow stars_range or topics.`,
        );
      }
      const last = page.repositories.at(-1);
      discovery.progress({
        itemsProcessed: results,
        // Never more than can be read: whichever ends first, the matches or the repositories that may be taken.
        itemsTotal: Math.max(results, Math.min(claimed, spec.limits.maxRepos)),
        ...(last === undefined ? {} : { currentItem: shownName(last) }),
      });
      context.metric({ repos_claimed: claimed, repos_matched: matched });
      extraction.start({ itemsTotal: matched });
      extraction.progress({ itemsTotal: matched });
    },

    opened({ repository }) {
      opened += 1;
      extraction.progress({
        itemsProcessed: opened,
        itemsTotal: matched,
        currentItem: shownName(repository),
      });
    },

    committed(ledger, added) {
      asked += added;
      const { opened: read, candidates } = ledger.counts();
      context.metric({ repos_opened: read, candidates });
      enrichment.start({ itemsTotal: asked });
      enrichment.progress({ itemsTotal: asked });
    },

    enriched(dropped) {
      answered += 1;
      if (dropped === null) profiles += 1;
      else profileDrops.add(dropped);
      // A person is named by their place in the work, never by login.
      enrichment.progress({ itemsProcessed: answered, itemsTotal: asked, currentItem: `person ${answered}` });
      context.metric({ profiles });
    },

    judging(count) {
      toJudge += count;
      validation.start({ itemsTotal: toJudge });
      validation.progress({ itemsTotal: toJudge });
    },

    judged({ contactable, reason }) {
      judged += 1;
      if (contactable) qualified += 1;
      else rejected.add(reason);
      validation.progress({ itemsProcessed: judged, itemsTotal: toJudge });
      context.metric({ qualified });
    },

    known({ changed: fields }) {
      judged += 1;
      rejected.add(knownReason);
      if (fields !== null) compared += 1;
      if (fields !== null && fields.length > 0) changed += 1;
      validation.progress({ itemsProcessed: judged, itemsTotal: toJudge });
    },

    completeSearch(ledger) {
      const { opened: read, candidates, truncated } = ledger.counts();
      discovery.complete({
        counts: { repos_claimed: claimed, repos_matched: matched },
        drops: repositoryDrops.byReason(),
        distributions: { languages: languages.distribution({ least: 1 }) },
      });
      extraction.complete({
        counts: { repos_opened: read, candidates, history_truncated: truncated },
        drops: ledger.drops(),
      });
      enrichment.complete({ counts: { profiles }, drops: profileDrops.byReason() });
    },

    completeValidation() {
      const drops = rejected.byReason();
      validation.complete({
        counts: {
          checked: judged,
          qualified,
          opted_out: drops[optOutReason] ?? 0,
          ...(spec.onlyNew === undefined
            ? {}
            : { known: drops[knownReason] ?? 0, known_compared: compared, known_changed: changed }),
        },
        drops,
      });
    },

    counts: () => ({
      claimed,
      results,
      matched,
      repositoryDrops: repositoryDrops.byReason(),
      languages: languages.counts(),
      opened,
      asked,
      answered,
      profiles,
      profileDrops: profileDrops.byReason(),
      toJudge,
      judged,
      qualified,
      rejected: rejected.byReason(),
      compared,
      changed,
    }),
  };
}

/**
 * A repository as the log may name it: one of a person without its owner; one that a person named after themselves, as
 * sites and profile pages are, not at all.
 */
function shownName({ name, owner }: RepositoryRecord): string {
  if (owner.type === "organization") return name;
  const ownName = name.slice(name.indexOf("/") + 1);
  const namesOwner = ownName.toLowerCase().includes(owner.login.toLowerCase());
  return namesOwner ? "a personal repository" : ownName;
}
