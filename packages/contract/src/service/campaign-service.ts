import type { Channel, JobEvent, JobStatus, RunSummary } from "@cmo/engine";
import type { DiffQuery, JobDiff } from "../diff/job-diff.ts";
import type { JobConfig } from "../job/job-config.ts";
import type { JobDetail, JobPage, JobView } from "../job/job-view.ts";
import type { ArtifactList, LeadFileQuery, LeadPage, LeadPageQuery } from "../lead/lead-query.ts";
import type { JobsErased, PersonErased, PersonView } from "../people/person-schema.ts";
import type { SuppressionPage, SuppressionState } from "../people/suppression-schema.ts";
import type { ConfigRequest, ForkRequest, SubmitRequest } from "../submit/campaign-request.ts";
import type { CampaignEstimate, ConfigSchema, Submission, Validation } from "../submit/submission.ts";
import type { JobVerification } from "../verification/job-verification.ts";

/** How a submit is made. */
export interface SubmitCall {
  /** The same key with the same request is the same job, for 24 hours. */
  readonly idempotencyKey?: string | undefined;
}

/** Which jobs a page holds. */
export interface JobsQuery {
  readonly status?: readonly JobStatus[] | undefined;
  /** Only runs of schedules. Default: all. */
  readonly scheduled?: boolean | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  /** 1 to 1,000. Default 50. */
  readonly limit?: number | undefined;
}

/** Which events are wanted. */
export interface EventsQuery {
  /** Those with a greater seq. Default 0. */
  readonly after?: number | undefined;
  /** Only these channels, and the job channel. Default all. */
  readonly channels?: readonly Channel[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Which jobs are to be erased. */
export type JobSelection =
  | { readonly jobIds: readonly string[] }
  /** Those that ended before this ISO instant, or were created before it and have not ended. */
  | { readonly before: string }
  | { readonly all: true };

/** A file as it is given: whole pieces of UTF-8. */
export interface ServedFile {
  readonly mediaType: string;
  readonly pieces: AsyncIterable<Uint8Array | string>;
}

/** What a run bundle is for: `full` for one's own archive, `shared` with pseudonyms for everybody and everything. */
export const bundleKinds = ["full", "shared"] as const;
/** See {@link bundleKinds}. */
export type BundleKind = (typeof bundleKinds)[number];

/**
 * Everything that can be done with campaigns, for one tenant. There are two: the runtime's over a store, which the API
 * serves, and the client's over HTTP. Whoever is written against this one works with both. All methods throw
 * `CmoError`: `not_found` for a job of nobody or of another tenant, `conflict` for what is not possible now, `usage` and
 * `config_invalid` for what is not right, `store_unavailable`; over HTTP `api_unreachable` and `api_refused` too.
 */
export interface CampaignService {
  submit(request: SubmitRequest, call?: SubmitCall): Promise<Submission>;
  /** The JSON Schema of a config, with a description for each key and what it is when nobody says. */
  configSchema(): Promise<ConfigSchema>;
  /** Whether a config is right. What is wrong with it is no error of this call. */
  validate(request: ConfigRequest): Promise<Validation>;
  /** Asks the source nothing. */
  estimate(request: ConfigRequest): Promise<CampaignEstimate>;

  jobs(query?: JobsQuery): Promise<JobPage>;
  job(jobId: string): Promise<JobDetail>;
  /** The config that the job was made from. */
  config(jobId: string): Promise<JobConfig>;
  /** The summary so far, or the final one. */
  summary(jobId: string): Promise<RunSummary>;
  /** The job's log in order, without a gap and without a repeat, to the terminal event, which is always given. */
  events(jobId: string, query?: EventsQuery): AsyncIterable<JobEvent>;

  /** Asks for it; the answer may say that it is under way (`state`). */
  pause(jobId: string): Promise<JobView>;
  resume(jobId: string): Promise<JobView>;
  cancel(jobId: string): Promise<JobView>;
  /** The new job. */
  retry(jobId: string): Promise<JobView>;
  /**
   * A new job of the same campaign with values set over it, which looks from the same day and is answered from what the
   * job was told. Unless `allowRequests`, it asks the source nothing: one that turns out to need more fails.
   * @throws CmoError `usage` for a key that needs new questions when none are allowed, or that makes it another
   * campaign; `config_invalid`; `conflict` for a job that has no whole set of answers.
   */
  fork(jobId: string, request?: ForkRequest): Promise<JobView>;

  leads(jobId: string, query?: LeadPageQuery): Promise<LeadPage>;
  /** The leads as they are now, in a format: `json`, `csv`, `ndjson` or a CRM's. */
  leadsFile(jobId: string, format: string, query?: LeadFileQuery): Promise<ServedFile>;
  artifacts(jobId: string): Promise<ArtifactList>;
  /** A file of a job that has ended, by its name. @throws CmoError `conflict` before the end. */
  artifact(jobId: string, name: string): Promise<ServedFile>;

  /**
   * What differs between two jobs that have ended: leads, summary, spec. Tells of nobody whom `leads` of either would
   * not show. @throws CmoError `conflict` before the end of either.
   */
  diff(jobId: string, otherId: string, query?: DiffQuery): Promise<JobDiff>;
  /**
   * A job that has ended as a run bundle, a ZIP archive: everything it came from and came to. Without anybody who is
   * suppressed by now. @throws CmoError `conflict` before the end.
   */
  bundle(jobId: string, kind: BundleKind): Promise<ServedFile>;
  /**
   * Whether a job is as it was written: its log by its chain, its spec and its leads by the log. What was changed is no
   * error of this call, nor is what an erase has left.
   */
  verification(jobId: string): Promise<JobVerification>;

  /** A live job is cancelled first. With `dryRun`, says only what it would erase. */
  eraseJobs(selection: JobSelection, options?: { readonly dryRun?: boolean }): Promise<JobsErased>;

  suppressions(page?: { readonly after?: string; readonly limit?: number }): Promise<SuppressionPage>;
  addSuppressions(entries: readonly string[]): Promise<SuppressionState>;
  removeSuppressions(entries: readonly string[]): Promise<SuppressionState>;
  checkSuppressions(entries: readonly string[]): Promise<SuppressionState>;

  /** `person` is a login, or `id:NODE_ID`. */
  person(person: string): Promise<PersonView>;
  /** They go on the suppression list too, unless `suppress` is false. */
  erasePerson(person: string, options?: { readonly suppress?: boolean }): Promise<PersonErased>;
}
