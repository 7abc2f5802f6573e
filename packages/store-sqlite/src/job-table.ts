import {
  CmoError,
  type Job,
  type JobFilter,
  type JobStatus,
  type QueueFacts,
  type WorkLimits,
} from "@cmo/engine";
import {
  changingColumns,
  changingValues,
  createPassedOver,
  isStoredJob,
  jobColumns,
  jobStatuses,
  type ListedRow,
  logHeadText,
  nullable,
  numberOf,
  readJobRow,
  type StoredJob,
  scheduleMark,
  textOf,
} from "@cmo/store-sql";
import { writeCheckpoint } from "./agent-memory.ts";
import type { Connection } from "./connection.ts";

/** Jobs as rows. Everything here happens inside a transaction of the caller. */
export interface JobTable {
  /** The key of a job in the other tables, or null. */
  ordinalOf(jobId: string): number | null;
  /** The revision of a job, or null when it is not there. */
  revisionOf(jobId: string): number | null;
  /** A job by its id, or null; see {@link ListedRow}. */
  find(jobId: string): ListedRow | null;
  /** The same out of its row, whatever is remembered of it. */
  findStored(jobId: string): ListedRow | null;
  /** A job by its key. @throws CmoError `invariant_violated` when it is not there. */
  load(ordinal: number): ListedRow;
  /** Puts in a job whose id is free, with the config that it was made from. */
  insert(job: Job, configText: string | null): StoredJob;
  /** See `Store.readConfigText`. */
  configTextOf(ordinal: number): string | null;
  /** Writes a job that was loaded in this transaction; `withSnapshot` says whether its snapshot changed too. */
  update(stored: StoredJob, job: Job, how: { now: number; withSnapshot: boolean }): StoredJob;
  /** Keeps a job for the next who loads it; called when its transaction was committed. */
  remember(stored: StoredJob): void;
  /** The job that is next to be worked on, or null. Without `jobId`, none that is passed over. */
  nextClaimable(now: number, jobId?: string, limits?: WorkLimits): number | null;
  /** Passes a job over for a minute, as long as this connection is open. */
  passOver(ordinal: number, now: number): void;
  /** A job that cannot be read is taken from whoever works on it, and begins again without a checkpoint. */
  sendAway(ordinal: number): void;
  /** See `Store.readQueue`. */
  queue(now: number): QueueFacts;
  /** The jobs of a page, newest first. */
  page(filter: JobFilter): readonly number[];
  /** The job that ended last as a run of the campaign, at `until` or before; null when there is none. */
  lastExport(campaign: string, until: number): number | null;
  /** Jobs that have not ended. */
  unfinished(): readonly number[];
  /** Counts the revision up: something of the job was changed beside its row. */
  touch(ordinal: number): void;
  /** Takes a job out with everything that is of it. */
  remove(ordinal: number): void;
  /** The ordinals of a job and its parents, the nearest first. */
  lineage(ordinal: number): readonly number[];
}

/** A {@link JobTable}. Jobs that were read or written last are kept, and read again only when their row has changed. */
export function createJobTable(connection: Connection): JobTable {
  const remembered = new Map<number, StoredJob>();
  const passedOver = createPassedOver();

  function remember(stored: StoredJob): void {
    remembered.delete(stored.ordinal);
    remembered.set(stored.ordinal, stored);
    const [oldest] = remembered.keys();
    if (remembered.size > rememberedJobs && oldest !== undefined) remembered.delete(oldest);
  }

  function current(ordinal: number, revision: number): ListedRow {
    const known = remembered.get(ordinal);
    if (known?.revision === revision) {
      remember(known);
      return known;
    }
    return read(ordinal);
  }

  function read(ordinal: number): ListedRow {
    const row = connection.first(selectJob, [ordinal]);
    if (row === null) throw missing(ordinal);
    const stored = readJobRow(row);
    if (isStoredJob(stored)) remember(stored);
    return stored;
  }

  function ordinalOf(jobId: string): number | null {
    return ordinalIn(connection.first("SELECT ordinal FROM job WHERE id = ?", [jobId]));
  }

  function next(now: number, limits: WorkLimits): number | null {
    const passed = passedOver.list(now);
    if (passed.length === 0 && Object.keys(limits).length === 0) {
      return ordinalIn(connection.first(nextClaimable, [now]));
    }
    const { sql, values } = limitsOf(now, limits);
    const notPassed = passed.length === 0 ? "" : " AND ordinal NOT IN (SELECT value FROM json_each(?))";
    return ordinalIn(
      connection.first(
        `SELECT ordinal FROM job WHERE claimable_at IS NOT NULL AND claimable_at <= ?${sql}${notPassed}
          ORDER BY priority DESC, ordinal LIMIT 1`,
        [now, ...values, ...(passed.length === 0 ? [] : [JSON.stringify(passed)])],
      ),
    );
  }

  return {
    ordinalOf,
    remember,

    revisionOf(jobId) {
      return ordinalIn(connection.first("SELECT revision FROM job WHERE id = ?", [jobId]));
    },

    find(jobId) {
      const row = connection.first("SELECT ordinal, revision FROM job WHERE id = ?", [jobId]);
      return row === null ? null : current(numberOf(row[0]), numberOf(row[1]));
    },

    findStored(jobId) {
      const ordinal = ordinalOf(jobId);
      return ordinal === null ? null : read(ordinal);
    },

    load(ordinal) {
      const row = connection.first("SELECT revision FROM job WHERE ordinal = ?", [ordinal]);
      if (row === null) throw missing(ordinal);
      return current(ordinal, numberOf(row[0]));
    },

    insert(job, configText) {
      connection.run(insertJob, [
        1,
        job.id,
        job.tenant,
        job.parentJobId,
        job.createdAt,
        job.createdAt,
        ...changingValues(job),
      ]);
      const ordinal = ordinalOf(job.id);
      if (ordinal === null) throw new CmoError("invariant_violated", `Job ${job.id} was not put in.`);
      connection.run("INSERT INTO job_spec (job, spec, config_text) VALUES (?, ?, ?)", [
        ordinal,
        JSON.stringify(job.spec),
        configText,
      ]);
      connection.run("INSERT INTO job_snapshot (job, snapshot) VALUES (?, ?)", [
        ordinal,
        JSON.stringify(job.snapshot),
      ]);
      return { ordinal, revision: 1, job };
    },

    configTextOf(ordinal) {
      const row = connection.first("SELECT config_text FROM job_spec WHERE job = ?", [ordinal]);
      return row === null ? null : nullable(row[0], textOf);
    },

    update({ ordinal, revision, job: before }, job, { now, withSnapshot }) {
      const values = changingValues(job);
      const known = changingValues({ ...before, lastSeq: job.lastSeq, logHead: job.logHead });
      // Most changes only append. SQLite would write the indexes anew for columns that are set to what they were.
      if (values.every((value, index) => value === known[index])) {
        connection.run(updateLog, [revision + 1, job.lastSeq, logHeadText(job), ordinal]);
      } else {
        const kept = job.keepUntil === before.keepUntil;
        connection.run(kept ? updateKeptJob : updateJob, [
          revision + 1,
          ...(kept ? values.slice(0, -1) : values),
          ordinal,
        ]);
      }
      if (job.status === "queued" && before.status !== "queued") {
        connection.run("UPDATE job SET queued_at = ? WHERE ordinal = ?", [now, ordinal]);
      }
      if (withSnapshot) {
        connection.run("UPDATE job_snapshot SET snapshot = ? WHERE job = ?", [
          JSON.stringify(job.snapshot),
          ordinal,
        ]);
      }
      return { ordinal, revision: revision + 1, job };
    },

    nextClaimable(now, jobId, limits) {
      if (jobId === undefined) return next(now, limits ?? {});
      return ordinalIn(
        connection.first("SELECT ordinal FROM job WHERE id = ? AND claimable_at <= ?", [jobId, now]),
      );
    },
    passOver: passedOver.add,
    sendAway(ordinal) {
      connection.run(
        "UPDATE job SET revision = revision + 1, epoch = epoch + 1, lease_owner = NULL, lease_until = NULL WHERE ordinal = ?",
        [ordinal],
      );
      writeCheckpoint(connection, ordinal, null);
    },

    queue(now) {
      const jobs = { queued: 0, running: 0, paused: 0, completed: 0, failed: 0, cancelled: 0 };
      for (const [status, count] of connection.all(countByStatus)) {
        const known = jobStatuses.find((one) => one === status);
        if (known !== undefined) jobs[known] = numberOf(count);
      }
      const [claimable, since] = connection.first(waiting, [now]) ?? [];
      return {
        jobs,
        claimable: numberOf(claimable),
        // A clock that was set back does not make anybody wait until later.
        oldestClaimableAt: nullable(since, (value) => Math.min(now, numberOf(value))),
      };
    },

    page({ scheduled = false, ...filter }) {
      const { tenant, status, expiredAt, after, limit } = filter;
      const before = (after === undefined ? null : ordinalOf(after)) ?? Number.MAX_SAFE_INTEGER;
      if (scheduled) {
        const { sql, values } = scheduledPage(filter, before);
        return connection.all(sql, values).map(([one]) => numberOf(one));
      }
      if (expiredAt !== undefined) {
        const wanted = status === undefined ? null : new Set<unknown>(status);
        return connection
          .all(expiredJobs, [expiredAt, before])
          .filter(([, one, whose]) => (wanted?.has(one) ?? true) && (tenant ?? whose) === whose)
          .slice(0, limit)
          .map(([one]) => numberOf(one));
      }
      if (status === undefined && tenant === undefined)
        return connection.all(pageOfAll, [before, limit]).map(([one]) => numberOf(one));
      // One walk along the index for each status: a page costs the same however many jobs there are, of whomever.
      return [...new Set(status ?? jobStatuses)]
        .flatMap((one) =>
          tenant === undefined
            ? connection.all(pageOfStatus, [one, before, limit])
            : connection.all(pageOfTenant, [tenant, one, before, limit]),
        )
        .map(([one]) => numberOf(one))
        .sort((a, b) => b - a)
        .slice(0, limit);
    },

    lastExport(campaign, until) {
      return ordinalIn(connection.first(lastExport, [campaign, until]));
    },

    unfinished() {
      return openStatuses.flatMap((one) => connection.all(ofStatus, [one]).map(([found]) => numberOf(found)));
    },

    touch(ordinal) {
      connection.run("UPDATE job SET revision = revision + 1 WHERE ordinal = ?", [ordinal]);
    },

    remove(ordinal) {
      // The other tables follow by their foreign keys.
      connection.run("DELETE FROM job WHERE ordinal = ?", [ordinal]);
      remembered.delete(ordinal);
    },

    lineage(ordinal) {
      const found = [ordinal];
      for (let parent = parentOf(ordinal); parent !== null && !found.includes(parent); ) {
        found.push(parent);
        parent = parentOf(parent);
      }
      return found;
    },
  };

  function parentOf(ordinal: number): number | null {
    return ordinalIn(connection.first(selectParent, [ordinal]));
  }
}

/** How many jobs are kept; a worker has a few, and lists are read by page. */
const rememberedJobs = 64;

const openStatuses: readonly JobStatus[] = ["queued", "running", "paused"];

const selectJob = `SELECT ${jobColumns} FROM job LEFT JOIN job_spec ON job_spec.job = ordinal
  LEFT JOIN job_snapshot ON job_snapshot.job = ordinal WHERE ordinal = ?`;
const insertJob = `INSERT INTO job (revision, id, tenant, parent_job_id, created_at, queued_at, ${changingColumns.join(", ")})
  VALUES (?, ?, ?, ?, ?, ?, ${changingColumns.map(() => "?").join(", ")})`;
const updateJob = updateOf(changingColumns);
/** `keep_until`, which changes seldom and has an index of its own, is the last. */
const updateKeptJob = updateOf(changingColumns.slice(0, -1));
/** The conditions that limits put on a job, with their values; `now` is when. What is full is found out once, not for each job that waits. */
export function limitsOf(now: number, { perTenant, perSource = {} }: WorkLimits) {
  const busy = "SELECT count(*) FROM job AS busy";
  const isBusy = "busy.status = 'running' AND busy.lease_until > ?";
  const sourceOf = (job: string) =>
    `(SELECT json_extract(spec, '$.source.type') FROM job_spec WHERE job_spec.job = ${job}.ordinal AND json_valid(spec))`;
  const values: (string | number)[] = [];
  let sql = "";
  if (perTenant !== undefined) {
    sql += ` AND tenant NOT IN (SELECT busy.tenant FROM job AS busy WHERE ${isBusy}
      GROUP BY busy.tenant HAVING count(*) >= ?)`;
    values.push(now, perTenant);
  }
  for (const [source, most] of Object.entries(perSource)) {
    sql += ` AND (${sourceOf("job")} IS NOT ? OR (${busy} WHERE ${isBusy} AND ${sourceOf("busy")} = ?) < ?)`;
    values.push(source, now, source, most);
  }
  return { sql, values };
}

const updateLog = "UPDATE job SET revision = ?, last_seq = ?, log_head = ? WHERE ordinal = ?";
/** Along the index `job_queue`, without sorting. */
export const nextClaimable = `SELECT ordinal FROM job WHERE claimable_at IS NOT NULL AND claimable_at <= ?
  ORDER BY priority DESC, ordinal LIMIT 1`;
/** Along the same index: SQLite puts the look at the row off, and what is asked for stands in the index. */
export const waiting = `SELECT count(*), min(waiting_since) FROM job
  WHERE claimable_at IS NOT NULL AND claimable_at <= ?`;
/** Along the index `job_by_status`. */
export const countByStatus = "SELECT status, count(*) FROM job GROUP BY status";
/** Along the table. */
export const pageOfAll = "SELECT ordinal FROM job WHERE ordinal < ? ORDER BY ordinal DESC LIMIT ?";
/** Along the index `job_by_status`. */
export const pageOfStatus =
  "SELECT ordinal FROM job WHERE status = ? AND ordinal < ? ORDER BY ordinal DESC LIMIT ?";
/** Along the index `job_by_tenant`. */
export const pageOfTenant = `SELECT ordinal FROM job WHERE tenant = ? AND status = ? AND ordinal < ?
  ORDER BY ordinal DESC LIMIT ?`;
/** Along the index `job_by_export`. */
export const lastExport = `SELECT ordinal FROM job WHERE exported_as = ? AND finished_at <= ?
  ORDER BY finished_at DESC, ordinal DESC LIMIT 1`;
const ofStatus = "SELECT ordinal FROM job WHERE status = ? ORDER BY ordinal";
/** What is expired is little, since it is erased; left alone, SQLite would look at every job to save the sorting. */
export const expiredJobs = `SELECT ordinal, status, tenant FROM job INDEXED BY job_by_keep_until
  WHERE keep_until < ? AND ordinal < ? ORDER BY ordinal DESC`;
/** Looks at the spec of each job that has one of these statuses: of those that have not ended there are few. */
function scheduledPage({ tenant, status = jobStatuses, expiredAt, limit }: JobFilter, before: number) {
  const conditions = [`status IN (${status.map(() => "?").join(", ")})`, "ordinal < ?"];
  const values: (string | number)[] = [...status, before];
  if (tenant !== undefined) {
    conditions.push("tenant = ?");
    values.push(tenant);
  }
  if (expiredAt !== undefined) {
    conditions.push("keep_until < ?");
    values.push(expiredAt);
  }
  const sql = `SELECT ordinal FROM job JOIN job_spec ON job_spec.job = ordinal
    WHERE ${conditions.join(" AND ")} AND instr(spec, '${scheduleMark}') > 0
    ORDER BY ordinal DESC LIMIT ?`;
  return { sql, values: [...values, limit] };
}
const selectParent =
  "SELECT parent.ordinal FROM job JOIN job AS parent ON parent.id = job.parent_job_id WHERE job.ordinal = ?";

function updateOf(columns: readonly string[]): string {
  return `UPDATE job SET revision = ?, ${columns.map((column) => `${column} = ?`).join(", ")} WHERE ordinal = ?`;
}

function missing(ordinal: number): CmoError {
  return new CmoError("invariant_violated", `Job ${ordinal} is not whole in the store.`);
}

function ordinalIn(row: readonly unknown[] | null): number | null {
  return row === null ? null : numberOf(row[0]);
}
