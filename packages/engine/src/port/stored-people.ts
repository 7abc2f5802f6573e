import type { SuppressionKind } from "../config/suppress-entry.ts";

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
