import type { EventDraft } from "../event/event-draft.ts";
import type { JobEvent } from "../event/job-event.ts";
import type { Job } from "../job/job.ts";
import type { ListedJob } from "../job/listed-job.ts";
import type { Lead } from "../lead/lead.ts";
import type {
  AgentRecord,
  CreateJobOptions,
  JobChange,
  JobWrite,
  LogRow,
  NewJob,
  TaskResult,
} from "./job-change.ts";
import type { ClaimRequest, JobFilter, QueueFacts } from "./job-query.ts";
import type { LeadFilter, LeadSelection } from "./lead-filter.ts";
import type {
  Erasure,
  ErasureScope,
  ExportedPath,
  FirstSeen,
  ListedSuppression,
  RowEdit,
  StoredRow,
  SuppressedEntry,
} from "./stored-people.ts";

/**
 * Keeps jobs, logs, task results and leads. All rules about jobs live in the engine: a store runs `decide` on the
 * job's row inside a transaction and writes what it answers, or nothing when it throws. Failures of the store itself
 * are `store_unavailable` (worth another try), `store_corrupt` or `store_newer`.
 */
export interface Store {
  /** Whether jobs outlive the process. */
  readonly durable: boolean;
  /** The time by the store's clock, in milliseconds since the epoch: what is kept until a time is kept until this one. */
  now(): Promise<number>;

  /** Writes a job and its first events. @throws CmoError `conflict` when the id is taken. */
  createJob(job: NewJob, events: readonly EventDraft[], options?: CreateJobOptions): Promise<JobWrite>;
  /**
   * The job, or null. @throws CmoError `store_corrupt` for one whose row cannot be read, `job_newer` when that is because
   * a later version has made it. So does everything that needs the job; what concerns others goes on.
   */
  readJob(jobId: string): Promise<Job | null>;
  /** As {@link readJob}, out of what is stored alone: nothing that the store remembers stands in for it. For who checks it. */
  readStoredJob(jobId: string): Promise<Job | null>;
  /** As {@link readJob}; a job whose row cannot be read is told of, as in a list. */
  readListedJob(jobId: string): Promise<ListedJob | null>;
  /** The config that the job was made from, as it was written; null where it was made from none. @throws CmoError `not_found`. */
  readConfigText(jobId: string): Promise<string | null>;
  /** Newest first, with those whose rows cannot be read. */
  listJobs(filter: JobFilter): Promise<readonly ListedJob[]>;
  /** How much there is to do, and for how long it has waited. Reads no job: a page of numbers may ask every few seconds. */
  readQueue(): Promise<QueueFacts>;
  /**
   * Runs `decide` on the job as it stands, in a transaction that nothing else can enter, and writes the change. `now`
   * is the store's clock, and the time that the events get. What `decide` throws is thrown on, and nothing is written. `decide` is synchronous and pure;
   * a store may run it again. @throws CmoError `not_found`.
   */
  updateJob(jobId: string, decide: (job: Job, now: number) => JobChange): Promise<JobWrite>;
  /**
   * As {@link updateJob}, on the job that is next to be worked on: queued with `notBefore` reached, or running with a
   * lease that ran out; the greatest priority first, then the oldest. Null when there is none. With `limits`, only one
   * whose tenant and source are below theirs, however many ask at once. With `jobId`, only that one, whatever the limits.
   * A job that this version cannot work on (`findClaimFault`, or a row that cannot be read) is passed over and not changed:
   * those behind it go on. @throws CmoError `store_corrupt`, `job_newer` when it is the one that `jobId` names.
   */
  claimNext(request: ClaimRequest, decide: (job: Job, now: number) => JobChange): Promise<JobWrite | null>;

  /** Events with a seq greater than `after`, in order, at most `limit`. @throws CmoError `not_found`. */
  readEvents(jobId: string, after: number, limit: number): Promise<readonly JobEvent[]>;
  /** As {@link readEvents}, as they are stored, with the links of the log's chain: for who checks them. */
  readLogRows(jobId: string, after: number, limit: number): Promise<readonly LogRow[]>;
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
  /**
   * The job's own results, without those of its parents, by the code points of kind and item id: those that come after
   * `after`. `limit` is 1 to 10,000. @throws CmoError `not_found`.
   */
  scanTaskResults(
    jobId: string,
    after: Pick<TaskResult, "kind" | "itemId"> | null,
    limit: number,
  ): Promise<readonly TaskResult[]>;
  /**
   * The newest results under these cache keys, of any job, that were given at `since` (in milliseconds by the store's
   * clock) or later.
   */
  readCached(cacheKeys: readonly string[], since: number): Promise<ReadonlyMap<string, TaskResult>>;
  /** The notes under these keys. */
  readNotes(keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** A page of the job's leads. */
  readLeads(jobId: string, filter: LeadFilter): Promise<readonly Lead[]>;
  /** How many leads are meant. */
  countLeads(jobId: string, selection: LeadSelection): Promise<number>;

  /** The job's last checkpoint, or null. */
  readCheckpoint(jobId: string): Promise<string | null>;
  /** The entries under these keys. */
  readRecords(
    jobId: string,
    collection: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, string>>;
  /** Entries whose key comes after `after`, by the code points of their keys. `limit` is 1 to 10,000. */
  scanRecords(
    jobId: string,
    collection: string,
    after: string | null,
    limit: number,
  ): Promise<readonly AgentRecord[]>;

  /** The text that all who use the store share under a name, or null. */
  readShared(name: string): Promise<string | null>;
  /**
   * A text that all who use the store share, under a name: `decide` gives the next one from the one that is there, in
   * a transaction that nothing else can enter; null takes it out. Gives the next one. `decide` may run again.
   */
  updateShared(
    name: string,
    decide: (text: string | null, now: number) => string | null,
  ): Promise<string | null>;

  /** The key of this store's suppression hashes; made once, at random, and never shown. */
  suppressionKey(): Promise<string>;
  /** Which of these hashes are on the suppression list. */
  findSuppressed(hashes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Puts entries on the suppression list; one that is there stays as it is. */
  addSuppressed(entries: readonly SuppressedEntry[]): Promise<void>;
  /** Takes hashes off the list. */
  removeSuppressed(hashes: readonly string[]): Promise<void>;
  /** Entries by hash, those after `after`. `limit` is 1 to 10,000. */
  listSuppressed(page: { after?: string; limit: number }): Promise<readonly ListedSuppression[]>;

  /** What earlier runs noted of people under a campaign's name, by node id. */
  readFirstSeen(campaign: string, nodeIds: readonly string[]): Promise<ReadonlyMap<string, FirstSeen>>;
  /**
   * Notes people as seen; an instant that is there already stays. They are kept until `keepUntil`, in milliseconds
   * since the epoch, or until what an earlier note said when that is later.
   */
  noteFirstSeen(campaign: string, seen: ReadonlyMap<string, string>, keepUntil: number): Promise<void>;
  /**
   * The job that ended last of those that ended as runs of the campaign ({@link JobChange.exportedAs}), at `until`
   * (milliseconds since the epoch) or before; of two that ended at once the newer. Null when there is none, or all are erased.
   */
  readLastExport(campaign: string, until: number): Promise<Job | null>;

  /** Notes files that were written; one of the same path takes the other's place. */
  noteFiles(files: readonly ExportedPath[]): Promise<void>;
  /** The files that were written from a job, or from any (null), by path. */
  readFiles(jobId: string | null): Promise<readonly ExportedPath[]>;
  /** Forgets files that are no more. */
  forgetFiles(paths: readonly string[]): Promise<void>;

  /** Every row that holds one of these texts (ASCII, none empty), in upper or lower case. */
  findRows(texts: readonly string[]): AsyncIterable<StoredRow>;
  /**
   * Erases a person, in one transaction: `edit` is asked of every row that {@link Store.findRows} gives, and `decide`
   * of every job that has not ended, so that no worker goes on with what it has in mind. Gives the jobs whose rows
   * have changed. The ledger gets a line, pending until {@link Store.finishErasures}.
   */
  eraseRows(
    texts: readonly string[],
    edit: (row: StoredRow) => RowEdit,
    decide: (job: Job, now: number) => JobChange,
  ): Promise<readonly string[]>;
  /**
   * Erases jobs with everything that is of them, but for the note of their files, in one transaction; what is not there
   * is no error. The ledger gets a line, as in {@link Store.eraseRows}.
   * @throws CmoError `conflict`, and erases nothing, when a worker holds one of them.
   */
  eraseJobs(jobIds: readonly string[], scope: ErasureScope): Promise<void>;
  /**
   * Erases what is kept for a time only: who was first seen where `keepUntil` is over, and notes from before
   * `notesBefore` (milliseconds since the epoch). With null for either, all of them. With `campaigns`, only who was
   * first seen under one of those. Gives how many rows.
   */
  eraseExpired(before: {
    firstSeen: number | null;
    notes: number | null;
    campaigns?: (campaign: string) => boolean;
  }): Promise<number>;
  /** Takes what was erased out of the store's files too. `pending` while somebody who reads is in the way. */
  finishErasures(): Promise<"done" | "pending">;
  /** The ledger, newest first, at most `limit` lines. */
  listErasures(limit: number): Promise<readonly Erasure[]>;

  /** Gives back what the store holds open. */
  close(): Promise<void>;
}
