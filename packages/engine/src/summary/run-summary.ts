import type { JobEvent } from "../event/job-event.ts";
import type { JobStatus } from "../job/job-status.ts";
import { isTerminalStatus } from "../job/job-status.ts";
import type { Lead } from "../lead/lead.ts";
import { foldSummary } from "./reduce-summary.ts";
import {
  initialSummary,
  type SummaryArtifact,
  type SummaryCounts,
  type SummaryNote,
  type SummaryState,
} from "./summary-state.ts";

/** How many top prospects a summary shows. */
export const topProspectCount = 5;

/** One of the best leads, as a summary shows it. */
export interface Prospect {
  rank: number;
  login: string;
  name: string | null;
  score: number;
  contactable: boolean;
  company: string | null;
  location: string | null;
  /** The repository they are most active in. */
  repository: string | null;
  profileUrl: string;
  /** The signals that gave most points, in words. */
  why: readonly string[];
}

/** One step on the way from repositories to leads. */
export interface FunnelStep {
  step: string;
  count: number | null;
  /** Reason to number of things that were left behind before this step. */
  drops: Readonly<Record<string, number>>;
}

/** What a run that counts only who is new says of the others. */
export interface KnownPeople {
  /** The run from which it counts; null when there is none, and everybody is new. */
  baselineJobId: string | null;
  /** People who were met again: exported by the baseline or before it. Null until it is known. */
  known: number | null;
  /** Of those, people of whom the baseline's answers were still there. */
  compared: number | null;
  /** Of those, people whose profile says something else by now. */
  changed: number | null;
}

/** What a run came to; the same object for the terminal, the files, the API and the console. */
export interface RunSummary {
  jobId: string | null;
  status: JobStatus | null;
  /** Whether the job completed; null before the end. */
  ok: boolean | null;
  /** Whether the results are cut short; null before the end. */
  partial: boolean | null;
  goal: string | null;
  icp: Readonly<Record<string, unknown>> | null;
  purpose: string | null;
  basis: string | null;
  parentJobId: string | null;
  /** Who is known; absent in a run that does not count only who is new. */
  onlyNew?: KnownPeople;
  startedAt: string | null;
  finishedAt: string | null;
  durationMs: number | null;
  attempts: number;
  counts: Readonly<SummaryCounts> & { readonly drops: Readonly<Record<string, number>> };
  targetLeads: number | null;
  targetMet: boolean | null;
  funnel: readonly FunnelStep[];
  /** Name to value to number: `languages`, `companies`, `locations`, `scores`. */
  distributions: Readonly<Record<string, Readonly<Record<string, number>>>>;
  topProspects: readonly Prospect[];
  quota: SummaryState["quota"];
  warnings: readonly SummaryNote[];
  errors: readonly SummaryNote[];
  artifacts: readonly SummaryArtifact[];
  versions: SummaryState["versions"];
}

/**
 * The summary of a log and of the job's top leads (by rank; only the first {@link topProspectCount} are looked at).
 * Prospects come from lead rows and not from the log, so that erasing a person changes the summary too.
 */
export function buildSummary(events: Iterable<JobEvent>, topLeads: readonly Lead[]): RunSummary {
  return summaryOf(foldSummary(initialSummary(), events), topLeads);
}

/** As {@link buildSummary}, from a fold that is at hand. */
export function summaryOf(state: SummaryState, topLeads: readonly Lead[]): RunSummary {
  const ended = state.status !== null && isTerminalStatus(state.status);
  const drops: Record<string, number> = {};
  const distributions: Record<string, Readonly<Record<string, number>>> = {};
  for (const outcome of state.stages) {
    for (const [reason, count] of Object.entries(outcome.drops)) drops[reason] = (drops[reason] ?? 0) + count;
    Object.assign(distributions, outcome.distributions);
  }
  return {
    jobId: state.jobId,
    status: state.status,
    ok: ended ? state.status === "completed" : null,
    partial: state.partial,
    goal: state.goal,
    icp: state.icp,
    purpose: state.purpose,
    basis: state.basis,
    parentJobId: state.parentJobId,
    ...(state.baselineJobId === undefined ? {} : { onlyNew: knownPeopleOf(state, state.baselineJobId) }),
    startedAt: state.startedAt,
    finishedAt: state.finishedAt,
    durationMs: durationMs(state.startedAt, state.finishedAt),
    attempts: state.attempts,
    counts: { ...state.counts, drops },
    targetLeads: state.targetLeads,
    targetMet: state.targetMet,
    funnel: funnelOf(state),
    distributions,
    topProspects: topLeads.slice(0, topProspectCount).map(prospectOf),
    quota: state.quota,
    warnings: state.warnings,
    errors: state.errors,
    artifacts: state.artifacts,
    versions: state.versions,
  };
}

/**
 * The part of a summary that is the same on every path: without the ids of jobs, times, durations, attempts, quota and
 * warnings about the run. Source: architecture, section 5, "Sameness".
 */
export function comparableSummary(summary: RunSummary): unknown {
  const {
    jobId,
    startedAt,
    finishedAt,
    durationMs,
    attempts,
    quota,
    warnings,
    errors,
    artifacts,
    parentJobId,
    onlyNew,
    ...rest
  } = summary;
  return {
    ...rest,
    ...(onlyNew === undefined
      ? {}
      : { onlyNew: { ...onlyNew, baselineJobId: onlyNew.baselineJobId === null ? null : "" } }),
    warnings: warnings.filter((one) => one.code.startsWith("data.")),
    errors: errors.map((one) => one.code),
    artifacts: artifacts
      .filter((artifact) => artifact.kind.startsWith("leads_"))
      .map(({ kind, mediaType, rows, digest, partial }) => ({ kind, mediaType, rows, digest, partial })),
  };
}

function durationMs(startedAt: string | null, finishedAt: string | null): number | null {
  return startedAt === null || finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt);
}

function knownPeopleOf({ stages }: SummaryState, baselineJobId: string | null): KnownPeople {
  const counts = stages.find(({ stage }) => stage === "validation")?.counts;
  return {
    baselineJobId,
    known: counts?.known ?? null,
    compared: counts?.known_compared ?? null,
    changed: counts?.known_changed ?? null,
  };
}

function funnelOf(state: SummaryState): FunnelStep[] {
  const dropsOf = (stage: string) => state.stages.find((outcome) => outcome.stage === stage)?.drops ?? {};
  const countOf = (stage: string, key: string) =>
    state.stages.find((outcome) => outcome.stage === stage)?.counts[key] ?? null;
  const counts = state.counts;
  return [
    { step: "repositories claimed", count: counts.reposClaimed, drops: {} },
    { step: "repositories matched", count: counts.reposMatched, drops: dropsOf("discovery") },
    { step: "repositories opened", count: counts.reposOpened, drops: {} },
    { step: "candidates", count: counts.candidates, drops: dropsOf("extraction") },
    { step: "profiles", count: counts.profiles, drops: dropsOf("enrichment") },
    {
      step: "people who may be contacted",
      count: countOf("validation", "qualified"),
      drops: dropsOf("validation"),
    },
    { step: "contactable leads", count: counts.contactable, drops: dropsOf("export") },
  ];
}

function prospectOf(lead: Lead): Prospect {
  const why = [...lead.reasons]
    .filter((reason) => reason.points > 0)
    .sort((a, b) => b.points - a.points || (a.signal < b.signal ? -1 : 1))
    .slice(0, 3)
    .map((reason) => reason.evidence);
  return {
    rank: lead.rank,
    login: lead.login,
    name: lead.name,
    score: lead.score,
    contactable: lead.contactable,
    company: lead.company,
    location: lead.location,
    repository: lead.repositories[0]?.name ?? null,
    profileUrl: lead.profileUrl,
    why,
  };
}
