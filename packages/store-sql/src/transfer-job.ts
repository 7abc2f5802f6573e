import type { JobStatus, TransferHead, TransferJob, TransferRow, TransferValue } from "@cmo/engine";
import { CmoError } from "@cmo/engine";
import { nullable, numberOf, oneOf, type Row, textOf } from "./column.ts";
import { changingColumns, jobStatuses } from "./job-row.ts";
import { parseStored } from "./stored-json.ts";
import { copyingId, copyingTenant } from "./transfer-name.ts";

/** The columns of a job that move; `id` and `revision` beside them. */
export const movedColumns = [
  "tenant",
  "parent_job_id",
  "created_at",
  "queued_at",
  "exported_as",
  ...changingColumns,
] as const;

/** The columns that {@link readHead} reads. */
export const headColumns = "id, ordinal, revision, tenant, parent_job_id, status, keep_until";

/** The columns that {@link readTransferJob} reads, of a job joined to its spec and its snapshot. */
export const transferJobColumns = [headColumns, "spec", "snapshot", "config_text", ...movedColumns].join(
  ", ",
);

/** A row of {@link headColumns}. @throws CmoError `store_corrupt`. */
export function readHead([id, place, revision, tenant, parentJobId, status, keepUntil]: Row): TransferHead {
  return {
    id: textOf(id),
    place: numberOf(place),
    revision: numberOf(revision),
    tenant: textOf(tenant),
    parentJobId: nullable(parentJobId, textOf),
    status: oneOf<JobStatus>(status, jobStatuses),
    keepUntil: numberOf(keepUntil),
  };
}

/** A row of {@link transferJobColumns}. @throws CmoError `store_corrupt`. */
export function readTransferJob(row: Row): TransferJob {
  const [spec, snapshot, configText, ...moved] = row.slice(headWidth);
  return {
    ...readHead(row),
    spec: textOf(spec),
    snapshot: textOf(snapshot),
    configText: nullable(configText, textOf),
    row: Object.fromEntries(movedColumns.map((column, index) => [column, columnValue(moved[index])])),
  };
}

/** What goes into {@link movedColumns}. @throws CmoError `invariant_violated` for a job that lacks one. */
export function movedValues({ row }: Pick<TransferJob, "row">): TransferValue[] {
  return movedColumns.map((column) => {
    const value = row[column];
    if (value === undefined)
      throw new CmoError("invariant_violated", `A job without ${column} was to be copied.`);
    return value;
  });
}

/**
 * A job as it stands while its rows arrive: under another id, of nobody, and ended, so that no worker takes it and
 * nobody can resume it. It is kept as long as the job is, so that what a copy left is let go of in time.
 */
export function unfinishedCopy(job: TransferJob): TransferJob {
  const spec = parseStored<{ readonly name?: string }>(job.spec);
  return {
    ...job,
    id: copyingId(job.id),
    spec: JSON.stringify({ ...spec, name: `${spec.name} (being copied)` }),
    row: {
      ...job.row,
      tenant: copyingTenant,
      parent_job_id: null,
      exported_as: null,
      status: "completed",
      desired: null,
      lease_owner: null,
      lease_until: null,
    },
  };
}

/** A job as it arrives; `queuedAt`: it goes into the queue, and waits since then. */
export function arrivedJob(job: TransferJob, queuedAt: number | null): TransferJob {
  const { row } = job;
  // A lease is held by a process of the other store.
  const free = { ...row, lease_owner: null, lease_until: null };
  if (queuedAt === null) return { ...job, row: free };
  return { ...job, row: { ...free, status: "queued", desired: null, queued_at: queuedAt } };
}

/** A row as it was read, as a copy carries it. @throws CmoError `store_corrupt` for what no column holds. */
export function transferRow(row: Row): TransferRow {
  return row.map(columnValue);
}

/** What was begun is not there: erased, or another copy has begun anew. */
export function copyGone(): CmoError {
  return new CmoError("conflict", "What was being copied is gone from the store it was copied to.", {
    hint: "It was erased there, or another copy into it has begun. Run one copy at a time, and this one again.",
  });
}

/** People were erased from the store that a copy fills. */
export function erasedMeanwhile(): CmoError {
  return new CmoError(
    "conflict",
    "People were erased from the store that is copied to, while the copy went on.",
    { hint: "Nothing more was copied. Erase them where they are copied from too, and run the copy again." },
  );
}

/** Lists and hashes were made with another key. */
export function otherKey(): CmoError {
  return new CmoError("conflict", "The two stores hash whom they suppress with different keys.", {
    hint: "Nothing was copied. Copy into an empty store: hashes cannot be made anew under another key.",
  });
}

/** The id is taken in the store that is copied to. */
export function idTaken(jobId: string): CmoError {
  return new CmoError("conflict", `There is a job ${jobId} already where it was to be copied to.`);
}

/** Lines of the ledger that say that somebody is not to come back, as a list of SQL. */
export const erasingScopes = "('person', 'all')";

function columnValue(value: unknown): TransferValue {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  // Says what it found.
  return textOf(value);
}

const headWidth = headColumns.split(", ").length;
