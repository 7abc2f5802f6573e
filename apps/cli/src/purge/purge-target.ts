import type { PurgePlan, PurgeResult } from "../report/purge-report.ts";

/** What is to be erased. */
export type PurgeTarget =
  | { readonly scope: "person"; readonly person: string; readonly suppress: boolean }
  | { readonly scope: "job"; readonly jobIds: readonly string[] }
  /** What ended before a time, in milliseconds since the epoch, or was created before it and has not ended. */
  | { readonly scope: "older-than"; readonly age: string; readonly before: number }
  | { readonly scope: "all" };

/** An erase in two steps. */
export interface Purge {
  /** What it would take; changes nothing. @throws CmoError `not_found` when there is nothing of it. */
  plan(): Promise<PurgePlan>;
  /** @throws CmoError `not_found`; `conflict` when a worker does not let go of a job in time. */
  carryOut(): Promise<PurgeResult>;
}
