import type { ChainGrowth } from "../chain/chain-events.ts";
import type { EventLink } from "../chain/log-head.ts";
import type { EventDraft } from "../event/event-draft.ts";
import type { JobEvent } from "../event/job-event.ts";
import type { Job, JobPatch } from "../job/job.ts";
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
