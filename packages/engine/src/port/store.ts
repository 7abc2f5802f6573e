import type { ChainGrowth } from "../chain/chain-events.ts";
import type { EventLink } from "../chain/log-head.ts";
import type { SuppressionKind } from "../config/suppress-entry.ts";
import type { CmoError } from "../error/cmo-error.ts";
import type { EventDraft } from "../event/event-draft.ts";
import type { JobEvent } from "../event/job-event.ts";
import type { Job, JobPatch } from "../job/job.ts";
import type { JobStatus } from "../job/job-status.ts";
import type { ListedJob } from "../job/listed-job.ts";
import type { Lead } from "../lead/lead.ts";

/** The durable result of one task. */
export interface TaskResult {
  readonly kind: string;
  readonly itemId: string;
  /** Digest of the item's input: the same item with another one is a different question. */
  readonly inputDigest: string;
  /** JSON text of the result. */
  readonly value: string;
  /**
   * Under what other jobs find it too: a digest of everything that the answer depends on, the tenant and what the
   * credentials may see among it. Absent or null: it is of this job alone.
   */
  readonly cacheKey?: string | null;
  /** When the source gave it, in milliseconds by the store's clock. Absent in a change: now. Always there when read. */
  readonly fetchedAt?: number;
  /** When read: whether it is of a parent of the job that was asked about. Absent: it is not. */
  readonly inherited?: boolean;
}

/** One entry of an agent's working memory for a job. */
export interface AgentRecord {
  readonly key: string;
  /** JSON text. */
  readonly value: string;
}

/** A change to an agent's working memory; null takes the entry out. */
export interface AgentRecordChange {
  readonly collection: string;
  readonly key: string;
  readonly value: string | null;
}

/** Something a source wants to know again at another time, such as the validator of an answer. */
export interface SourceNote {
  /** Holds everything that the note depends on, the digest of the token among it. */
  readonly key: string;
  readonly value: string;
}

/** Everything that one transaction writes to a job. All of it is written, or none. */
export interface JobChange {
  readonly patch?: JobPatch;
  /** Appended to the log with the next sequence numbers, in this order. */
  readonly events?: readonly EventDraft[];
  /** Kept with one of these events, and not part of it: see {@link Store.readLogRows}. */
  readonly link?: EventLink;
  /**
   * The data of {@link events} as JSON text, for those of which it was made already: writing it is most of what
   * appending costs beside the database.
   */
  readonly dataTexts?: readonly (string | undefined)[];
  /** Stored unless a result of the same kind and item is there already. */
  readonly taskResults?: readonly TaskResult[];
  /** Takes all leads of the job out, before {@link JobChange.leads} are put in. */
  readonly clearLeads?: boolean;
  /** Put in beside those that are there. */
  readonly leads?: readonly Lead[];
  /** Applied in this order. */
  readonly records?: readonly AgentRecordChange[];
  /** JSON text in the place of the last checkpoint. Null drops the checkpoint and all records of the job. */
  readonly checkpoint?: string | null;
  /** Put in the place of notes with the same key. */
  readonly notes?: readonly SourceNote[];
  /**
   * The campaign as whose run the job ends: from now on it is one that {@link Store.readLastExport} may give, and its
   * leads who may be contacted, as they were before the change, are noted as exported: at its time, until the job's
   * `keepUntil`.
   */
  readonly exportedAs?: string;
  /**
   * A job to be put in, with the first events of its log at the time of the change, and with the config that this job was
   * made from; one whose id is taken is not.
   */
  readonly next?: { readonly job: NewJob; readonly events: readonly EventDraft[] } & Pick<
    JobChange,
    "link" | "dataTexts"
  >;
}

/**
 * How many jobs that have something in common may be worked on at once, by all workers of a store together; one whose
 * lease ran out is not worked on. What is absent limits nothing.
 */
export interface WorkLimits {
  /** Jobs of one tenant. At least 1. */
  readonly perTenant?: number | undefined;
  /** Jobs of a source, by the source's type: those that share its quota. At least 1 each. */
  readonly perSource?: Readonly<Record<string, number>> | undefined;
}

/** Which job is wanted to be worked on. */
export interface ClaimRequest {
  /** Only this one, whatever the limits. */
  readonly jobId?: string;
  readonly limits?: WorkLimits | undefined;
  /** Told of a job that is left alone, and why: now and then again while it is in the queue. Does not throw. */
  readonly onPassedOver?: ((jobId: string, fault: CmoError) => void) | undefined;
}

/** What a transaction wrote. */
export interface JobWrite {
  readonly job: Job;
  readonly events: readonly JobEvent[];
}

/** An event as it is stored, with what the chain of its log needs. */
export interface LogRow {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly v: number;
  readonly type: string;
  /** JSON text, to the byte. */
  readonly data: string;
  /** The text of {@link JobChange.link} that was kept with it; null for most. */
  readonly link: string | null;
}

/** A job to be put in. */
export type NewJob = Omit<Job, "lastSeq" | "createdAt">;

/** What is written with a new job. */
export interface CreateJobOptions {
  /**
   * Gives the link that is kept with one of the first events, and the job's `logHead`, from the time that the events
   * get, in milliseconds since the epoch. May be asked again. Default: the log has no chain.
   */
  readonly chain?: (createdAt: number) => ChainGrowth;
  /** See {@link Store.readConfigText}. Default null. */
  readonly configText?: string | null;
}

/** Which jobs a list holds. */
export interface JobFilter {
  /** Only jobs that belong to this tenant. */
  readonly tenant?: string;
  readonly status?: readonly JobStatus[];
  /** Only jobs whose campaign runs again by a schedule. Default: all. */
  readonly scheduled?: boolean;
  /** Jobs that are to be erased at this time, in milliseconds since the epoch. */
  readonly expiredAt?: number;
  /** Jobs that were created before this one in the list's order (newest first). */
  readonly after?: string;
  /** 1 to 1,000. */
  readonly limit: number;
}

/** What there is to do in a store. */
export interface QueueFacts {
  /** How many jobs have each status. */
  readonly jobs: Readonly<Record<JobStatus, number>>;
  /** How many jobs a worker may take now. */
  readonly claimable: number;
  /**
   * Since when one of them could have been taken, the earliest of all: when it came into the queue (back from a pause
   * or another try, too), its `notBefore`, or the end of a lost lease. In milliseconds since the epoch, by the store's
   * clock, never later than now; null when there is none.
   */
  readonly oldestClaimableAt: number | null;
}

/** What leads may be sorted by. */
export const leadSortKeys = [
  "rank",
  "login",
  "name",
  "company",
  "location",
  "score",
  "scoreFit",
  "scoreActivity",
  "scoreReachability",
  "followers",
  "commits",
  "lastActiveAt",
] as const;

/** See {@link leadSortKeys}. */
export type LeadSortKey = (typeof leadSortKeys)[number];

/** Which leads are meant. */
export interface LeadSelection {
  readonly contactable?: boolean;
  /** At least this score. */
  readonly minScore?: number;
  /** Stands in login, name, e-mail, company, location or bio; upper and lower case of ASCII letters are the same. */
  readonly search?: string;
}

/** Which leads a page holds. */
export interface LeadFilter extends LeadSelection {
  /** Only leads of a greater rank. Default 0: all. */
  readonly afterRank?: number;
  /** How many of the selected leads come before the page, in its order. Default 0. */
  readonly skip?: number;
  /** 1 to 10,000. */
  readonly limit: number;
  /**
   * Default: by rank, ascending. Texts by code point, ASCII letters as lower case; what is null comes last in both
   * directions; ties by rank, ascending.
   */
  readonly sort?: { readonly by: LeadSortKey; readonly descending: boolean };
}

/** An entry of the suppression list. */
export interface SuppressedEntry {
  readonly kind: SuppressionKind;
  /** Keyed hash of what is suppressed. */
  readonly hash: string;
}

/** An entry as it is listed. */
export interface ListedSuppression extends SuppressedEntry {
  /** When it was put on the list, in milliseconds since the epoch. */
  readonly addedAt: number;
}

/** What is noted of somebody under a campaign's name. */
export interface FirstSeen {
  /** ISO instant: the start of the run that exported them first; of the one that met them first, until there is one. */
  readonly at: string;
  /** When the run ended that exported them first, in milliseconds since the epoch; null when none did. */
  readonly exportedAt: number | null;
}

/** A row that may tell of people, as those who look for a person or erase one see it. */
export interface StoredRow {
  readonly table: "task_result" | "lead" | "event" | "snapshot" | "note" | "first_seen";
  /** Null for what belongs to no job. */
  readonly jobId: string | null;
  /** Whom the job belongs to; null without one. */
  readonly tenant: string | null;
  /** The kind of a task result, the type of an event, the campaign of who was first seen; else empty. */
  readonly kind: string;
  /** The item of a task result, the node id of a lead or of somebody seen, the seq of an event, the key of a note; else empty. */
  readonly key: string;
  /** JSON text; an instant for who was first seen. */
  readonly value: string;
  /** When it was read from the source, for a task result; else null. Milliseconds since the epoch. */
  readonly fetchedAt: number | null;
}

/**
 * What becomes of a row: it stays (undefined), is taken out (null), or gets another value. Only a task result may get
 * another key, and one whose value is changed is no longer found by other jobs.
 */
export type RowEdit = { readonly key?: string; readonly value: string } | null | undefined;

/** What an erase says of itself in the ledger: that something was erased, never what. */
export type ErasureScope = "person" | "job" | "retention" | "all";

/** A line of the ledger of erasures. */
export interface Erasure {
  readonly scope: ErasureScope;
  /** In milliseconds since the epoch, by the store's clock. */
  readonly at: number;
  /** Pending: what was erased is out of reach, but may still stand in the database's files. */
  readonly state: "pending" | "done";
}

/** A file that was written from what the store holds, so that an erase finds it. */
export interface ExportedPath {
  readonly jobId: string;
  /** Absolute. */
  readonly path: string;
  /** `summary`, or the id of an exporter. */
  readonly format: string;
}

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
