import {
  CmoError,
  eventVersion,
  type Job,
  type JobFilter,
  type JobStatus,
  type QueueFacts,
} from "@cmo/engine";
import {
  changingColumns,
  changingValues,
  jobColumns,
  jobStatuses,
  nullable,
  numberOf,
  oneOf,
  type Row,
  readJobRow,
  type StoredJob,
} from "@cmo/store-sql";
import type { Opening, Session } from "./database.ts";
import type { EventColumns } from "./event-log.ts";
import type { Part } from "./part.ts";
import { nowSql, type StoreClock } from "./store-clock.ts";

/** A job that is held by a transaction, with the time at which that was. */
export interface HeldJob {
  readonly stored: StoredJob;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly now: number;
}

/** Jobs as rows. */
export interface JobTable {
  isThere(session: Session, jobId: string): Promise<boolean>;
  find(session: Session, jobId: string): Promise<StoredJob | null>;
  /** The jobs with these keys, in this order. @throws CmoError `invariant_violated` for one that is not there. */
  load(session: Session, ordinals: readonly number[]): Promise<readonly StoredJob[]>;
  /** Begins a transaction in which nobody else may write to this job; see {@link held}. */
  holding(jobId: string): Opening;
  /**
   * Begins a transaction in which nobody else may write to the job that is next to be worked on (or to this one, if it
   * is to be); one that somebody else holds is passed over.
   */
  holdingNext(jobId: string | undefined): Opening;
  /** The job that a transaction has begun with, as it stands. Null when there was none. */
  held(session: Session, opened: Row | null): Promise<HeldJob | null>;
  /** Whether there is a job that {@link holdingNext} would find. */
  hasNext(session: Session, jobId: string | undefined): Promise<boolean>;
  /** Holds all jobs that have not ended. */
  holdUnfinished(session: Session): Promise<readonly HeldJob[]>;
  /** Puts in a job with the first events of its log. Null when its id is taken. */
  insert(session: Session, job: Job, events: EventColumns): Promise<StoredJob | null>;
  /** Writes a job that is held; `withSnapshot` says whether its snapshot changed too. */
  updateParts(held: HeldJob, job: Job, how: { readonly withSnapshot: boolean }): readonly Part[];
  /** Keeps a job for the next who loads it; called when its transaction was committed. */
  remember(stored: StoredJob): void;
  queue(session: Session): Promise<QueueFacts>;
  /** The keys of a page's jobs, newest first. */
  page(session: Session, filter: JobFilter): Promise<readonly number[]>;
  /** Counts the revision up: something of the job was changed beside its row. */
  touch(session: Session, ordinals: readonly number[]): Promise<void>;
  /** Takes jobs out with everything that is of them. */
  remove(session: Session, ordinals: readonly number[]): Promise<void>;
}

/** A {@link JobTable}. What is large of the jobs that were read or written last is kept, and read again when it changed. */
export function createJobTable(clock: StoreClock): JobTable {
  const remembered = new Map<number, StoredJob>();

  function remember(stored: StoredJob): void {
    const known = remembered.get(stored.ordinal);
    // A transaction that began earlier may be told of later.
    if (known !== undefined && known.revision > stored.revision) return;
    remembered.delete(stored.ordinal);
    remembered.set(stored.ordinal, stored);
    const [oldest] = remembered.keys();
    if (remembered.size > rememberedJobs && oldest !== undefined) remembered.delete(oldest);
  }

  /** The job of a row of ordinal and revision: as it is remembered, if it has not changed since. */
  async function current(session: Session, [ordinal, revision]: Row): Promise<StoredJob> {
    const known = remembered.get(numberOf(ordinal));
    if (known?.revision === numberOf(revision)) return known;
    const row = await session.first(selectJob, [numberOf(ordinal)]);
    if (row === null) throw missing(numberOf(ordinal));
    const stored = readJobRow(row);
    remember(stored);
    return stored;
  }

  async function heldOf(session: Session, row: Row | null): Promise<HeldJob | null> {
    return row === null ? null : { stored: await current(session, row), now: numberOf(row[2]) };
  }

  async function ordinalOf(session: Session, jobId: string): Promise<number | null> {
    const row = await session.first("SELECT ordinal FROM @.job WHERE id = $1", [jobId]);
    return row === null ? null : numberOf(row[0]);
  }

  return {
    isThere: async (session, jobId) => (await ordinalOf(session, jobId)) !== null,
    remember,
    held: heldOf,

    async find(session, jobId) {
      const row = await session.first("SELECT ordinal, revision FROM @.job WHERE id = $1", [jobId]);
      return row === null ? null : current(session, row);
    },

    async load(session, ordinals) {
      if (ordinals.length === 0) return [];
      const rows = await session.all("SELECT ordinal, revision FROM @.job WHERE ordinal = ANY($1)", [
        ordinals,
      ]);
      const byOrdinal = new Map(rows.map((row) => [numberOf(row[0]), row]));
      const unknown = rows.filter(
        ([ordinal, revision]) => remembered.get(numberOf(ordinal))?.revision !== revision,
      );
      const read = new Map(
        unknown.length === 0
          ? []
          : (await session.all(selectJobs, [unknown.map(([ordinal]) => numberOf(ordinal))])).map((row) => {
              const stored = readJobRow(row);
              return [stored.ordinal, stored] as const;
            }),
      );
      return ordinals.map((ordinal) => {
        const stored = read.get(ordinal) ?? (byOrdinal.has(ordinal) ? remembered.get(ordinal) : undefined);
        if (stored === undefined) throw missing(ordinal);
        return stored;
      });
    },

    holding: (jobId) => ({ sql: holdById, values: [jobId, clock.value()] }),

    holdingNext: (jobId) =>
      jobId === undefined
        ? { sql: holdNextJob, values: [clock.value()] }
        : { sql: holdThisJob, values: [clock.value(), jobId] },

    async hasNext(session, jobId) {
      const row =
        jobId === undefined
          ? await session.first(nextJob, [clock.value()])
          : await session.first(thisJob, [clock.value(), jobId]);
      return row !== null;
    },

    async holdUnfinished(session) {
      const rows = await session.all(holdOpen, [clock.value(), openStatuses]);
      const all: HeldJob[] = [];
      for (const row of rows) {
        const held = await heldOf(session, row);
        if (held !== null) all.push(held);
      }
      return all;
    },

    async insert(session, job, { types, texts }) {
      const row = await session.first(insertJob, [
        JSON.stringify(job.spec),
        JSON.stringify(job.snapshot),
        types,
        texts,
        job.id,
        job.tenant,
        job.parentJobId,
        job.createdAt,
        ...changingValues(job),
      ]);
      return row === null ? null : { ordinal: numberOf(row[0]), revision: 1, job };
    },

    updateParts({ stored, now }, job, { withSnapshot }) {
      const { ordinal, job: before } = stored;
      const values = changingValues(job);
      const known = changingValues({ ...before, lastSeq: job.lastSeq });
      const isQueued = job.status === "queued" && before.status !== "queued";
      const parts: Part[] = [];
      if (withSnapshot) {
        const snapshot = JSON.stringify(job.snapshot);
        parts.push(
          (value) => `UPDATE @.job_snapshot SET snapshot = ${value(snapshot)} WHERE job = ${value(ordinal)}`,
        );
      }
      // Most changes only append; a row whose indexed columns stay is written without touching the indexes.
      if (values.every((value, index) => value === known[index])) {
        parts.push(
          (value) => `UPDATE @.job SET revision = revision + 1, last_seq = ${value(job.lastSeq)}
            WHERE ordinal = ${value(ordinal)}`,
        );
      } else {
        parts.push(
          (value) => `UPDATE @.job SET revision = revision + 1,
            queued_at = coalesce(${value(isQueued ? now : null)}::bigint, queued_at),
            ${changingColumns.map((column, index) => `${column} = ${value(values[index] ?? null)}`).join(", ")}
            WHERE ordinal = ${value(ordinal)}`,
        );
      }
      return parts;
    },

    async queue(session) {
      const jobs = { queued: 0, running: 0, paused: 0, completed: 0, failed: 0, cancelled: 0 };
      for (const [status, count] of await session.all(countByStatus)) {
        jobs[oneOf(status, jobStatuses)] = numberOf(count);
      }
      const [claimable, since, now] = (await session.first(waiting, [clock.value()])) ?? [];
      return {
        jobs,
        claimable: numberOf(claimable),
        // A clock that was set back does not make anybody wait until later.
        oldestClaimableAt: nullable(since, (value) => Math.min(numberOf(now), numberOf(value))),
      };
    },

    async page(session, { tenant, status, expiredAt, after, limit }) {
      const before = after === undefined ? null : await ordinalOf(session, after);
      const values: (string | number | null)[] = [before ?? Number.MAX_SAFE_INTEGER, limit];
      const conditions = ["ordinal < $1"];
      if (tenant !== undefined) conditions.push(`tenant = $${values.push(tenant)}`);
      if (expiredAt !== undefined) conditions.push(`keep_until < $${values.push(expiredAt)}`);
      if (status === undefined || expiredAt !== undefined) {
        const wanted = status === undefined ? "" : ` AND status = ANY($${values.length + 1})`;
        const rows = await session.all(
          `SELECT ordinal FROM @.job WHERE ${conditions.join(" AND ")}${wanted} ORDER BY ordinal DESC LIMIT $2`,
          status === undefined ? values : [...values, [...status]],
        );
        return rows.map(([ordinal]) => numberOf(ordinal));
      }
      // One walk along the index for each status: a page costs the same however many jobs there are, of whomever.
      const walks = [...new Set(status)].map(
        (one) =>
          `(SELECT ordinal FROM @.job WHERE ${conditions.join(" AND ")} AND status = $${values.push(one)}
            ORDER BY ordinal DESC LIMIT $2)`,
      );
      if (walks.length === 0) return [];
      const rows = await session.all(
        `SELECT ordinal FROM (${walks.join(" UNION ALL ")}) AS walks ORDER BY ordinal DESC LIMIT $2`,
        values,
      );
      return rows.map(([ordinal]) => numberOf(ordinal));
    },

    async touch(session, ordinals) {
      // In one order for all, so that two who erase do not wait for each other for ever.
      for (const ordinal of [...ordinals].sort((one, other) => one - other)) {
        await session.run("UPDATE @.job SET revision = revision + 1 WHERE ordinal = $1", [ordinal]);
      }
    },

    async remove(session, ordinals) {
      await session.run("DELETE FROM @.event WHERE job = ANY($1)", [ordinals]);
      // The other tables follow by their foreign keys.
      await session.run("DELETE FROM @.job WHERE ordinal = ANY($1)", [ordinals]);
      for (const ordinal of ordinals) remembered.delete(ordinal);
    },
  };
}

/** How many jobs are kept; a worker has a few, and lists are read by page. */
const rememberedJobs = 64;

const openStatuses: readonly JobStatus[] = ["queued", "running", "paused"];

const joined = `@.job JOIN @.job_spec ON job_spec.job = ordinal JOIN @.job_snapshot ON job_snapshot.job = ordinal`;
const selectJob = `SELECT ${jobColumns} FROM ${joined} WHERE ordinal = $1`;
const selectJobs = `SELECT ${jobColumns} FROM ${joined} WHERE ordinal = ANY($1)`;
const holdById = `SELECT ordinal, revision, ${nowSql(2)} FROM @.job WHERE id = $1 FOR UPDATE OF job`;
const claimable = `claimable_at IS NOT NULL AND claimable_at <= ${nowSql(1)}`;
/** Along the index `job_queue`, without sorting. */
const nextJob = `SELECT ordinal FROM @.job WHERE ${claimable} ORDER BY priority DESC, ordinal LIMIT 1`;
const thisJob = `SELECT ordinal FROM @.job WHERE id = $2 AND ${claimable}`;
const holdNextJob = `SELECT ordinal, revision, ${nowSql(1)} FROM @.job WHERE ${claimable}
  ORDER BY priority DESC, ordinal LIMIT 1 FOR UPDATE OF job SKIP LOCKED`;
const holdThisJob = `SELECT ordinal, revision, ${nowSql(1)} FROM @.job WHERE id = $2 AND ${claimable}
  FOR UPDATE OF job`;
const holdOpen = `SELECT ordinal, revision, ${nowSql(1)} FROM @.job WHERE status = ANY($2)
  ORDER BY ordinal FOR UPDATE OF job`;
/** The job, what is large of it, and its first events, at once: keys are looked after when all of it is there. */
const insertJob = `WITH made AS (
    INSERT INTO @.job (revision, id, tenant, parent_job_id, created_at, queued_at, ${changingColumns.join(", ")})
    VALUES (1, $5, $6, $7, $8, $8, ${changingColumns.map((_column, index) => `$${index + 9}`).join(", ")})
    ON CONFLICT (id) DO NOTHING RETURNING ordinal, created_at
  ), spec AS (INSERT INTO @.job_spec (job, spec) SELECT ordinal, $1 FROM made),
  snapshot AS (INSERT INTO @.job_snapshot (job, snapshot) SELECT ordinal, $2 FROM made),
  events AS (
    INSERT INTO @.event (job, seq, at, v, type, data)
    SELECT ordinal, place, created_at, ${eventVersion}, type, data
    FROM made, unnest($3::text[], $4::text[]) WITH ORDINALITY AS given (type, data, place)
  )
  SELECT ordinal FROM made`;
const waiting = `SELECT count(*), min(waiting_since), ${nowSql(1)} FROM @.job WHERE ${claimable}`;
/** Along the index `job_by_status`. */
const countByStatus = "SELECT status, count(*) FROM @.job GROUP BY status";
function missing(ordinal: number): CmoError {
  return new CmoError("invariant_violated", `Job ${ordinal} is not whole in the store.`);
}
