import type { SuppressionEntry } from "../config/suppress-entry.ts";
import type { JobEvent } from "../event/job-event.ts";
import type { Job } from "../job/job.ts";
import type { Lead } from "../lead/lead.ts";
import type { Agent, Estimate } from "../port/agent.ts";
import type { Calendar } from "../port/calendar.ts";
import type { Clock } from "../port/clock.ts";
import type { Digest } from "../port/digest.ts";
import type { WorkLimits } from "../port/job-query.ts";
import type { Random } from "../port/random.ts";
import type { Store } from "../port/store.ts";
import type { Sink } from "../sink/sink.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import type { RunSummary } from "../summary/run-summary.ts";
import type { LeadPage, LeadPageQuery } from "./lead-page.ts";
import type { LeadQuery } from "./read-leads.ts";
import type { WatchOptions } from "./watch.ts";

/** What an engine is made of. The host gives time, randomness and digests; see the README for the lines in Node. */
export interface EngineOptions {
  agent: Agent;
  clock: Clock;
  random: Random;
  digest: Digest;
  /** Reads schedules. Without one, a campaign that has a schedule is refused. */
  calendar?: Calendar;
  /** Default: a store in memory. */
  store?: Store;
  /** How long a worker may be silent before its job goes to another. Default 30,000 ms. */
  leaseMs?: number;
  /** How often a worker looks for jobs when nothing rings. Default 1,000 ms. */
  pollMs?: number;
  /** How much of the queue may be worked on at once, with all other workers of the store. Default: all of it. */
  limits?: WorkLimits;
  /** Takes secrets out of text that is to be logged. Default: leaves it. */
  redact?: (text: string) => string;
}

/** Options of {@link Engine.submit}. */
export interface SubmitOptions {
  /** Whom the job belongs to. Default: {@link localTenant}. */
  tenant?: string;
  /** Greater first. Default 0. */
  priority?: number;
  /** Not started before this time, in milliseconds since the epoch. Default: at once. */
  notBefore?: number;
  /** The id of the job; default: a new one. */
  jobId?: string;
  /** A job whose task results are this one's too, as those of its own parents are. Of the same tenant. */
  parentJobId?: string;
  /** The config that the spec was made from, as it was written, without people and secrets. Default: none is kept. */
  configText?: string | null;
}

/** The one execution path: queue, worker, agent, events, progress and summary. */
export interface Engine {
  readonly store: Store;
  /**
   * Puts a job into the queue. A spec that asks only for who is new gets its baseline here, unless it has one. One with a
   * schedule takes the place of the schedule that its campaign (tenant and name) had: what of that has not begun is
   * cancelled, what is under way is its last run; the log says so.
   * @throws CmoError `usage` for a spec that was made for another agent; `config_invalid` for a schedule that cannot be
   * kept.
   */
  submit(spec: JobSpec, options?: SubmitOptions): Promise<Job>;
  /**
   * Submits, works on the job here, feeds the sinks from its log, and gives its summary (`ok: false` for a failed or
   * cancelled job). When `signal` aborts, the job is cancelled, or paused in a store that outlives the process.
   */
  runInproc(
    spec: JobSpec,
    sinks?: readonly Sink[],
    options?: { signal?: AbortSignal } & SubmitOptions,
  ): Promise<RunSummary>;
  /**
   * As {@link runInproc}, for a job that is there: works on it here when nobody else does, until it has ended or is
   * paused. A paused job stays paused; {@link resume} it first. `after` is where the sinks begin in the log; default 0.
   * @throws CmoError `not_found`.
   */
  attend(
    jobId: string,
    sinks?: readonly Sink[],
    options?: { signal?: AbortSignal; after?: number },
  ): Promise<RunSummary>;
  /** See {@link watchJob}. */
  watch(jobId: string, options?: WatchOptions): AsyncIterable<JobEvent>;
  /** The job, or null. */
  job(jobId: string): Promise<Job | null>;
  /** The summary so far, or the final one. @throws CmoError `not_found`. */
  summary(jobId: string): Promise<RunSummary>;
  /** The leads, without those who have been suppressed since. @throws CmoError `not_found`. */
  leads(jobId: string, query?: LeadQuery): AsyncIterable<Lead>;
  /** One page of {@link leads}, from anywhere among them. @throws CmoError `not_found`. */
  leadPage(jobId: string, query: LeadPageQuery): Promise<LeadPage>;
  /** Asks for a pause; acknowledged when it resolves. @throws CmoError `not_found`, `conflict`. */
  pause(jobId: string): Promise<Job>;
  /** Puts a paused job back into the queue. @throws CmoError `not_found`, `conflict`. */
  resume(jobId: string): Promise<Job>;
  /** Asks for a cancel; acknowledged when it resolves. @throws CmoError `not_found`, `conflict`. */
  cancel(jobId: string): Promise<Job>;
  /**
   * A new job of the same spec, of the same tenant, which reads the task results of this one; run once, also where the
   * job was a run of a schedule, which goes on by itself. @throws CmoError `not_found`; `conflict` for
   * a job that neither failed nor was cancelled.
   */
  retry(jobId: string): Promise<Job>;
  /** Works on queued jobs until `signal` aborts; then hands back what runs, and resolves. */
  startWorker(options: { concurrency?: number; signal: AbortSignal }): Promise<void>;
  /** What a campaign will take; null when the agent does not say. Asks nothing. */
  estimate(spec: JobSpec): Estimate | null;
  /**
   * The spec as {@link submit} would freeze it now: one that asks only for who is new holds the run that it counts from.
   * Submits nothing.
   */
  withBaseline(spec: JobSpec, options?: { readonly tenant?: string }): Promise<JobSpec>;
  /** Suppression entries as a spec for this engine's store holds them. */
  hashSuppression(entries: readonly SuppressionEntry[]): Promise<JobSpec["suppress"]>;
}
