import type { AgentContext, JobSpec, RepositoryRecord } from "@cmo/engine";
import type { DiscoveredPage } from "../discovery/discover.ts";
import { distributionOf } from "../export/distribution.ts";
import type { OpenedRepository } from "../extraction/extract.ts";
import type { PeopleLedger } from "../extraction/people-ledger.ts";

import { type JudgedProfile, optOutReason } from "../validation/contact-judgement.ts";
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
  /** A person was answered, or left out. */
  enriched(kept: boolean): void;
  /** These people will be judged. */
  judging(count: number): void;
  judged(contactable: boolean): void;
  /** The searches are over, whether by the target or by the end of the matches. */
  completeSearch(ledger: PeopleLedger, enrichmentDrops: Record<string, number>): void;
  completeValidation(people: readonly JudgedProfile[]): void;
}

/**
 * Counts every thing once, where it is committed, under the names of the summary's counts; the metrics on the way and
 * the counts at the end are the same numbers.
 */
export function createStageReports(spec: JobSpec, context: AgentContext): StageReports {
  const discovery = context.stage("discovery");
  const extraction = context.stage("extraction");
  const enrichment = context.stage("enrichment");
  const validation = context.stage("validation");
  const drops = createDropCount();
  const languages: (string | null)[] = [];
  let claimed = 0;
  let results = 0;
  let matched = 0;
  let opened = 0;
  let asked = 0;
  let answered = 0;
  let profiles = 0;
  let toJudge = 0;
  let judged = 0;
  let qualified = 0;

  return {
    begin: () => discovery.start(),

    discovered(page) {
      claimed += page.claimed;
      results += page.results;
      matched += page.repositories.length;
      for (const reason of page.dropped) drops.add(reason);
      for (const { language } of page.repositories) languages.push(language);
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
      context.metric({ repos_opened: ledger.opened(), candidates: ledger.candidates() });
      enrichment.start({ itemsTotal: asked });
      enrichment.progress({ itemsTotal: asked });
    },

    enriched(kept) {
      answered += 1;
      if (kept) profiles += 1;
      // A person is named by their place in the work, never by login.
      enrichment.progress({ itemsProcessed: answered, itemsTotal: asked, currentItem: `person ${answered}` });
      context.metric({ profiles });
    },

    judging(count) {
      toJudge += count;
      validation.start({ itemsTotal: toJudge });
      validation.progress({ itemsTotal: toJudge });
    },

    judged(contactable) {
      judged += 1;
      if (contactable) qualified += 1;
      validation.progress({ itemsProcessed: judged, itemsTotal: toJudge });
      context.metric({ qualified });
    },

    completeSearch(ledger, enrichmentDrops) {
      discovery.complete({
        counts: { repos_claimed: claimed, repos_matched: matched },
        drops: drops.byReason(),
        distributions: { languages: distributionOf(languages, { least: 1 }) },
      });
      extraction.complete({
        counts: {
          repos_opened: ledger.opened(),
          candidates: ledger.candidates(),
          history_truncated: ledger.truncated(),
        },
        drops: ledger.drops(),
      });
      enrichment.complete({ counts: { profiles }, drops: enrichmentDrops });
    },

    completeValidation(people) {
      const rejected = createDropCount();
      for (const { judgement } of people) if (!judgement.contactable) rejected.add(judgement.reason);
      const optedOut = people.filter(({ judgement }) => judgement.reason === optOutReason).length;
      validation.complete({
        counts: { checked: people.length, qualified, opted_out: optedOut },
        drops: rejected.byReason(),
      });
    },
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
