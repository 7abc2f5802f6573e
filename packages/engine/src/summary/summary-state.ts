import type { EventData, EventError } from "../event/event-data.ts";
import type { JobStatus } from "../job/job-status.ts";

/**
 * The counts that every campaign has, each with one definition, under the name that metrics and stage counts use.
 * Null until known.
 */
export interface SummaryCounts {
  /** Repositories that the source says match the searches. Metric `repos_claimed`. */
  reposClaimed: number | null;
  /** Repositories found that passed every filter, each once. Metric `repos_matched`. */
  reposMatched: number | null;
  /** Repositories whose history was read. Metric `repos_opened`. */
  reposOpened: number | null;
  /** Different people, no bots, who were active in them. Metric `candidates`. */
  candidates: number | null;
  /** People whose profile was read and kept. Metric `profiles`. */
  profiles: number | null;
  /** Rows of the native lead files. Metric `leads`. */
  leads: number | null;
  /** Of those, rows with an address. Metric `leads_with_email`. */
  leadsWithEmail: number | null;
  /** Of those, rows that may be contacted. Metric `contactable`. */
  contactable: number | null;
}

/** What a stage ended with. */
export interface StageOutcome {
  readonly stage: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Reason to number of things dropped for it. */
  readonly drops: Readonly<Record<string, number>>;
  readonly distributions: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A warning or an error of a run. */
export interface SummaryNote {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** A file that the run described. */
export type SummaryArtifact = EventData<"artifact.created">;

/** The fold of a job's log that its summary is made of. Plain JSON; never mutated once it was handed out. */
export interface SummaryState {
  readonly jobId: string | null;
  readonly status: JobStatus | null;
  readonly plan: readonly string[];
  readonly goal: string | null;
  readonly icp: Readonly<Record<string, unknown>> | null;
  readonly purpose: string | null;
  readonly basis: string | null;
  readonly targetLeads: number | null;
  readonly targetMet: boolean | null;
  readonly partial: boolean | null;
  readonly parentJobId: string | null;
  /** The run from which it counts who is new, or null for none. Absent: it does not count so. */
  readonly baselineJobId?: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly attempts: number;
  readonly counts: Readonly<SummaryCounts>;
  readonly stages: readonly StageOutcome[];
  readonly quota: {
    readonly requests: number;
    readonly failedRequests: number;
    readonly points: number;
    readonly cacheHits: number;
    readonly waitedMs: number;
  };
  readonly warnings: readonly SummaryNote[];
  readonly errors: readonly SummaryNote[];
  readonly artifacts: readonly SummaryArtifact[];
  readonly versions: {
    readonly agent: { readonly name: string; readonly version: string } | null;
    readonly engine: string | null;
    readonly config: string | null;
    readonly specDigest: string | null;
  };
}

/** An {@link EventError} as a note. */
export function noteOfError(error: EventError): SummaryNote {
  return { code: error.code, message: error.message, hint: error.hint };
}

/** The summary of a log with no events. */
export function initialSummary(): SummaryState {
  return {
    jobId: null,
    status: null,
    plan: [],
    goal: null,
    icp: null,
    purpose: null,
    basis: null,
    targetLeads: null,
    targetMet: null,
    partial: null,
    parentJobId: null,
    startedAt: null,
    finishedAt: null,
    attempts: 0,
    counts: {
      reposClaimed: null,
      reposMatched: null,
      reposOpened: null,
      candidates: null,
      profiles: null,
      leads: null,
      leadsWithEmail: null,
      contactable: null,
    },
    stages: [],
    quota: { requests: 0, failedRequests: 0, points: 0, cacheHits: 0, waitedMs: 0 },
    warnings: [],
    errors: [],
    artifacts: [],
    versions: { agent: null, engine: null, config: null, specDigest: null },
  };
}
