import type { JobPart, JobStatus, StorePart } from "@cmo/engine";

/** A job that was copied, or would be. */
export interface CopiedJob {
  readonly id: string;
  /** In the store that it was copied to. */
  readonly status: JobStatus;
  readonly events: number;
  /** SHA-256 of its log's rows, read back from where it was copied to; null for what was not copied. */
  readonly logDigest: string | null;
}

/** Why jobs were left out. */
export interface LeftOut {
  /** They are there. */
  readonly present: readonly string[];
  /** They were copied before, and erased there since: they do not come back. */
  readonly erased: readonly string[];
  /** They are to be erased: their retention is over. */
  readonly expired: readonly string[];
}

/** Rows of each part. */
export type PartCounts = Readonly<Record<JobPart | StorePart, number>>;

/** What a copy has done, or would do. */
export interface CopyReport {
  readonly from: string;
  readonly to: string;
  readonly dryRun: boolean;
  readonly jobs: readonly CopiedJob[];
  readonly leftOut: LeftOut;
  /** Those that the copy paused, and that went into the queue where they were copied to. */
  readonly resumed: readonly string[];
  readonly rows: PartCounts;
  /** How many jobs were taken out where they were copied from. */
  readonly deleted: number;
}

/** How far a copy is. */
export interface CopyProgress {
  /** The number of the job that is being copied, from 1; 0 before the first. */
  readonly job: number;
  readonly jobs: number;
  readonly jobId: string | null;
  /** Rows so far, of everything. */
  readonly rows: number;
}

/** Nothing of any part. */
export function noRows(): Record<JobPart | StorePart, number> {
  return {
    event: 0,
    task_result: 0,
    lead: 0,
    agent_record: 0,
    checkpoint: 0,
    suppressed: 0,
    erasure: 0,
    first_seen: 0,
    exported_file: 0,
    source_note: 0,
    shared: 0,
  };
}
