import { CmoError, type PersonReport } from "@cmo/engine";
import type { PlannedFiles, PurgePlan } from "../report/purge-report.ts";

/** What is held about a person, as far as an erase must know it. */
export interface PlannedPerson {
  readonly identity: PersonReport["identity"];
  readonly records: readonly { readonly jobId: string | null }[];
  readonly files: PlannedFiles;
}

/**
 * What the erase of a person would take. @throws CmoError `not_found` when nothing is held about them and they are not
 * to be put on the suppression list either.
 */
export function personPlan({ identity, records, files }: PlannedPerson, suppress: boolean): PurgePlan {
  if (records.length === 0 && !suppress) {
    throw new CmoError("not_found", "Nothing is held about this person.");
  }
  const jobs = new Set(records.flatMap(({ jobId }) => jobId ?? []));
  return { scope: "person", identity, suppress, rows: records.length, jobs: [...jobs], files };
}
