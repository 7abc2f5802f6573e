import type { EventDraft } from "../event/event-draft.ts";
import type { JobEvent } from "../event/job-event.ts";
import type { Job, JobPatch } from "../job/job.ts";
import type { JobStatus } from "../job/job-status.ts";
import type { Lead } from "../lead/lead.ts";

/** The durable result of one task. */
export interface TaskResult {
  readonly kind: string;
  readonly itemId: string;
  /** Digest of the item's input: the same item with another one is a different question. */
  readonly inputDigest: string;
  /** JSON text of the result. */
  readonly value: string;
}

/** Everything that one transaction writes to a job. All of it is written, or none. */
export interface JobChange {
  readonly patch?: JobPatch;
  /** Appended to the log with the next sequence numbers, in this order. */
  readonly events?: readonly EventDraft[];
  /** Stored unless a result of the same kind and item is there already. */
  readonly taskResults?: readonly TaskResult[];
  /** Replaces all leads of the job. */
  readonly leads?: readonly Lead[];
}

/** What a transaction wrote. */
export interface JobWrite {
  readonly job: Job;
  readonly events: readonly JobEvent[];
}

/** A job to be put in. */
export type NewJob = Omit<Job, "lastSeq" | "createdAt">;

/** Which jobs a list holds. */
export interface JobFilter {
  readonly status?: readonly JobStatus[];
  /** Jobs that were created before this one in the list's order (newest first). */
  readonly after?: string;
  /** 1 to 1,000. */
  readonly limit: number;
}

/** Which leads a page holds. */
export interface LeadFilter {
  readonly afterRank: number;
  /** 1 to 10,000. */
  readonly limit: number;
  readonly contactable?: boolean;
}

/**
 * Keeps jobs, logs, task results and leads. All rules about jobs live in the engine: a store runs `decide` on the
 * job's row inside a transaction and writes what it answers, or nothing when it throws. Failures of the store itself
 * are `store_unavailable` (worth another try), `store_corrupt` or `store_newer`.
 */
export interface Store {
  /** Whether jobs outlive the process. */
  readonly durable: boolean;

  /** Writes a job and its first events. @throws CmoError `conflict` when the id is taken. */
  createJob(job: NewJob, events: readonly EventDraft[]): Promise<JobWrite>;
  /** The job, or null. */
  readJob(jobId: string): Promise<Job | null>;
  /** Newest first. */
  listJobs(filter: JobFilter): Promise<readonly Job[]>;
  /**
   * Runs `decide` on the job as it stands, in a transaction that nothing else can enter, and writes the change. `now`
   * is the store's clock, and the time that the events get. What `decide` throws is thrown on, and nothing is written. `decide` is synchronous and pure;
   * a store may run it again. @throws CmoError `not_found`.
   */
  updateJob(jobId: string, decide: (job: Job, now: number) => JobChange): Promise<JobWrite>;
  /**
   * As {@link updateJob}, on the job that is next to be worked on: queued with `notBefore` reached, or running with a
   * lease that ran out; the greatest priority first, then the oldest. Null when there is none. With `jobId`, only
   * that one.
   */
  claimNext(
    request: { readonly jobId?: string },
    decide: (job: Job, now: number) => JobChange,
  ): Promise<JobWrite | null>;

  /** Events with a seq greater than `after`, in order, at most `limit`. @throws CmoError `not_found`. */
  readEvents(jobId: string, after: number, limit: number): Promise<readonly JobEvent[]>;
  /**
   * Calls back after something was written to the job (or to any, for null). A doorbell only: it may ring late, ring
   * once for several writes, and ring for nothing. Gives the function that stops it.
   */
  onNews(jobId: string | null, ring: () => void): () => void;

  /** The stored results of these items, as far as there are any; a job also sees those of its parents. */
  readTaskResults(
    jobId: string,
    kind: string,
    itemIds: readonly string[],
  ): Promise<ReadonlyMap<string, TaskResult>>;
  /** Leads by rank. */
  readLeads(jobId: string, filter: LeadFilter): Promise<readonly Lead[]>;

  /** The key of this store's suppression hashes; made once, at random, and never shown. */
  suppressionKey(): Promise<string>;
  /** Which of these hashes are on the suppression list. */
  findSuppressed(hashes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Puts hashes on the suppression list. */
  addSuppressed(hashes: readonly string[]): Promise<void>;
  /** Takes hashes off the list. */
  removeSuppressed(hashes: readonly string[]): Promise<void>;

  /** When people were first seen under a campaign's name, by node id: ISO instants of earlier runs. */
  readFirstSeen(campaign: string, nodeIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Notes people as seen; an instant that is there already stays. */
  noteFirstSeen(campaign: string, seen: ReadonlyMap<string, string>): Promise<void>;

  /** Gives back what the store holds open. */
  close(): Promise<void>;
}
