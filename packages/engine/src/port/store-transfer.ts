import type { JobStatus } from "../job/job-status.ts";

/** What stands in a column, whichever database it is in. */
export type TransferValue = string | number | null;

/** A row of a part, its columns in an order that all stores have in common. */
export type TransferRow = readonly TransferValue[];

/** What belongs to one job, beside its row. */
export type JobPart = "event" | "task_result" | "lead" | "agent_record" | "checkpoint";

/** What belongs to no job. */
export type StorePart = "suppressed" | "erasure" | "first_seen" | "exported_file" | "source_note" | "shared";

/** Some rows of a part, in its order. */
export interface TransferPage {
  readonly rows: readonly TransferRow[];
  /** Where the next page begins, for the store that gave it alone; null after the last one. */
  readonly next: TransferRow | null;
}

/** What a list of jobs says of one. Times are milliseconds since the epoch. */
export interface TransferHead {
  readonly id: string;
  /** Its key in its store: grows in the order in which jobs were made. */
  readonly place: number;
  /** Grows with every change to the job. */
  readonly revision: number;
  readonly tenant: string;
  readonly parentJobId: string | null;
  readonly status: JobStatus;
  readonly keepUntil: number;
}

/** The row of a job, as it is stored. */
export interface TransferJob extends TransferHead {
  /** Every column that moves, by its name. */
  readonly row: Readonly<Record<string, TransferValue>>;
  /** JSON text, as it is stored. */
  readonly spec: string;
  /** JSON text, as it is stored. */
  readonly snapshot: string;
  /** See `Store.readConfigText`. */
  readonly configText: string | null;
}

/** How a job arrives. */
export interface TransferEnd {
  /** Whether it goes into the queue: a copy has paused it where it comes from. Else it is as it was there. */
  readonly queued: boolean;
  /** How many lines of {@link StoreTransfer.countErased} the store is to have still. */
  readonly erased: number;
}

/**
 * The raw content of a store, so that it can be moved to another: a capability beside `Store`, of stores that keep rows.
 * What arrives in a job is put in page by page under a job that has another id, belongs to nobody and has ended: no
 * worker takes it, nobody can resume it, and whatever erases people or old jobs finds it as any other. One change at
 * the end makes it the job. Shared texts whose names begin with `copying:` are notes of copies, and stay where they
 * are, as do the boards of quotas. Failures are those of `Store`.
 */
export interface StoreTransfer {
  /** The key of the suppression hashes; null when none was made yet. */
  readSuppressionKey(): Promise<string | null>;
  /**
   * Takes a key over. @throws CmoError `conflict` where there is another one, and jobs or entries that were made with it.
   */
  adoptSuppressionKey(key: string): Promise<void>;

  /** Jobs behind a place (0: from the first), the oldest first; without what is not whole yet. */
  heads(after: number, limit: number): Promise<readonly TransferHead[]>;
  head(jobId: string): Promise<TransferHead | null>;
  job(jobId: string): Promise<TransferJob | null>;
  /** What copies have noted of a job that is here, or was. */
  marks(jobId: string): Promise<TransferMarks>;
  /** How many rows a part has: of the job at a place, or of the store. */
  count(part: JobPart, place: number): Promise<number>;
  count(part: StorePart): Promise<number>;
  /** A page behind `after` (null: from the first row). */
  read(part: JobPart, place: number, after: TransferRow | null): Promise<TransferPage>;
  read(part: StorePart, place: null, after: TransferRow | null): Promise<TransferPage>;

  /**
   * Puts rows in beside those that are there. Of two of the same key the one that is there stays; a newer note takes its
   * place; of who was first seen the earlier instant and the later end count. `shared` and `erasure` have no doubles.
   * @throws CmoError `conflict` when `erased` is not what {@link countErased} gives: then nothing is put in.
   */
  merge(part: StorePart, rows: readonly TransferRow[], erased: number): Promise<void>;
  /** Begins to take a job in, after what an earlier try has left of it; gives the place for its rows. */
  begin(job: TransferJob): Promise<number>;
  /** @throws CmoError `conflict` when what was begun is not there any more. */
  add(place: number, part: JobPart, rows: readonly TransferRow[]): Promise<void>;
  /**
   * Makes what was begun the job, for everybody at once, and notes that it came by a copy.
   * @throws CmoError `conflict` when it is gone, the id is taken, or people were erased meanwhile: then nothing changes.
   */
  finish(place: number, job: TransferJob, end: TransferEnd): Promise<void>;
  /** Takes out what was begun; null: all of it, whoever began it. */
  drop(place: number | null): Promise<void>;
  /**
   * Holds a job still where it comes from. With `moved` (JSON text of a {@link MovedMark}), nobody resumes it here any
   * more. False, and nothing is changed, when it is not as it was read.
   */
  seal(job: TransferHead, moved: string | null): Promise<boolean>;
  /** How many lines the ledger has of erases that a copy could undo: of a person, or of everything. */
  countErased(): Promise<number>;
  close(): Promise<void>;
}

/** What copies have noted of a job in a store. */
export interface TransferMarks {
  /** Where it went from here: JSON text of a {@link MovedMark}. */
  readonly moved: string | null;
  /** Whether it came here by a copy. */
  readonly copied: boolean;
}

/** Where a job went. */
export interface MovedMark {
  /** For people, without a password. */
  readonly to: string;
  /** What tells the store from others. */
  readonly storeId: string;
}
