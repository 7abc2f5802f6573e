import {
  CmoError,
  eventVersion,
  type JobChange,
  type JobFilter,
  type JobStatus,
  type QueueFacts,
  type WorkLimits,
} from "@cmo/engine";
import {
  changingColumns,
  changingValues,
  copyNewJob,
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
import { newEvents, storedEvents } from "./event-log.ts";
import {
  claimable,
  holdById,
  holdNext,
  holdOpen,
  holdThisJob,
  limitsOf,
  nextOf,
  oneByLimits,
  thisJob,
} from "./job-hold.ts";
import { nowSql, type StoreClock } from "./store-clock.ts";
import type { HeldJob, Written } from "./write-set.ts";

/** Jobs as rows. */
export interface JobTable {
  isThere(session: Session, jobId: string): Promise<boolean>;
  find(session: Session, jobId: string): Promise<StoredJob | null>;
  /** The jobs with these keys, in this order. @throws CmoError `invariant_violated` for one that is not there. */
  load(session: Session, ordinals: readonly number[]): Promise<readonly StoredJob[]>;
  /** Begins a transaction in which nobody else may write to these jobs; see {@link held}. */
  holding(jobIds: readonly string[]): Opening;
  /** The same; those that somebody else holds are passed over. */
  holdingFree(jobIds: readonly string[]): Opening;
  /** The same for the jobs that are next to be worked on, at most so many; those that somebody else holds are passed over. */
  holdingNext(most: number): Opening;
  /** The same for one such job that is within limits: nobody else takes one by limits before the transaction ends. */
  holdingNextWithin(limits: WorkLimits): Opening;
  /** The same for one job, if it is to be worked on. */
  holdingClaimable(jobId: string): Opening;
  /** The jobs that a transaction has begun with, as they stand, in their order. */
  held(session: Session, opened: readonly Row[]): Promise<readonly HeldJob[]>;
  /** Whether there is a job to be worked on: this one, or any. */
  hasNext(
    session: Session,
    request: { readonly jobId?: string; readonly limits?: WorkLimits | undefined },
  ): Promise<boolean>;
  /** The keys of all jobs that have not ended, and of the newest job. */
  unfinished(session: Session): Promise<{ readonly open: readonly number[]; readonly newest: number }>;
  /** Until the transaction ends nobody else makes a job or writes to one; whoever does so now is waited for. */
  lockAll(session: Session): Promise<void>;
  /** Holds all jobs that have not ended. */
  holdUnfinished(session: Session): Promise<readonly HeldJob[]>;
  /** Puts in a job with the first events of its log, at a time in milliseconds. Null when its id is taken. */
  insert(session: Session, next: NonNullable<JobChange["next"]>, now: number): Promise<Written | null>;
  /** Keeps a job for the next who loads it; called when its transaction was committed. */
  remember(stored: StoredJob): void;
  /** Forgets what was kept: a server that crashed may have lost what it had said. */
  forget(): void;
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

  /** The jobs of rows of ordinal and revision: as they are remembered, as far as they have not changed since. */
  async function current(session: Session, rows: readonly Row[]): Promise<ReadonlyMap<number, StoredJob>> {
    const stored = new Map<number, StoredJob>();
    const unknown: number[] = [];
    for (const [ordinal, revision] of rows) {
      const known = remembered.get(numberOf(ordinal));
      if (known?.revision === numberOf(revision)) stored.set(known.ordinal, known);
      else unknown.push(numberOf(ordinal));
    }
    const read = unknown.length === 0 ? [] : await session.all(selectJobs, [unknown]);
    for (const row of read) {
      const one = readJobRow(row);
      stored.set(one.ordinal, one);
      remember(one);
    }
    return stored;
  }

  async function held(session: Session, rows: readonly Row[]): Promise<readonly HeldJob[]> {
    const stored = await current(session, rows);
    return rows.map(([ordinal, , now]) => ({
      stored: theOne(stored, numberOf(ordinal)),
      now: numberOf(now),
    }));
  }

  async function ordinalOf(session: Session, jobId: string): Promise<number | null> {
    const row = await session.first("SELECT ordinal FROM @.job WHERE id = $1", [jobId]);
    return row === null ? null : numberOf(row[0]);
  }

  return {
    isThere: async (session, jobId) => (await ordinalOf(session, jobId)) !== null,
    remember,
    forget: () => remembered.clear(),
    held,

    async find(session, jobId) {
      const row = await session.first("SELECT ordinal, revision FROM @.job WHERE id = $1", [jobId]);
      if (row === null) return null;
      // One that was erased in between is not there either.
      return (await current(session, [row])).get(numberOf(row[0])) ?? null;
    },

    async load(session, ordinals) {
      if (ordinals.length === 0) return [];
      const rows = await session.all("SELECT ordinal, revision FROM @.job WHERE ordinal = ANY($1)", [
        ordinals,
      ]);
      const stored = await current(session, rows);
      return ordinals.map((ordinal) => theOne(stored, ordinal));
    },

    holding: (jobIds) => ({ sql: holdById(""), values: [jobIds, clock.value()] }),
    holdingFree: (jobIds) => ({
      sql: holdById(" SKIP LOCKED"),
      values: [jobIds, clock.value()],
      once: jobIds.length > 1,
    }),
    holdingNext: (most) => ({ sql: holdNext("", "$2"), values: [clock.value(), most], once: most > 1 }),
    holdingNextWithin(limits) {
      const within = limitsOf(limits, 2);
      return {
        sql: `${oneByLimits}; ${holdNext(within.sql, "1")}`,
        values: [clock.value(), ...within.values],
      };
    },
    holdingClaimable: (jobId) => ({ sql: holdThisJob, values: [clock.value(), jobId] }),

    async hasNext(session, { jobId, limits = {} }) {
      if (jobId !== undefined) return (await session.first(thisJob, [clock.value(), jobId])) !== null;
      const within = limitsOf(limits, 2);
      const next = `${nextOf("ordinal", within.sql)} LIMIT 1`;
      return (await session.first(next, [clock.value(), ...within.values])) !== null;
    },

    async unfinished(session) {
      const rows = await session.all(
        `SELECT ordinal, false FROM @.job WHERE status = ANY($1)
          UNION ALL SELECT coalesce(max(ordinal), 0), true FROM @.job`,
        [openStatuses],
      );
      const keys = (isNewest: boolean) =>
        rows.filter((row) => row[1] === isNewest).map(([ordinal]) => numberOf(ordinal));
      return { open: keys(false), newest: Math.max(...keys(true)) };
    },
    lockAll: async (session) => {
      await session.run("LOCK TABLE @.job IN EXCLUSIVE MODE");
    },

    holdUnfinished: async (session) =>
      held(session, await session.all(holdOpen, [clock.value(), openStatuses])),

    async insert(session, { job: given, events: drafts }, now) {
      const job = copyNewJob(given, now, drafts.length);
      const events = newEvents(drafts, 0, now);
      const row = await session.first(insertJob, [
        JSON.stringify(job.spec),
        JSON.stringify(job.snapshot),
        events.map(({ type }) => type),
        events.map(({ data }) => data),
        job.spec.source.type,
        job.id,
        job.tenant,
        job.parentJobId,
        job.createdAt,
        ...changingValues(job),
      ]);
      if (row === null) return null;
      return {
        stored: { ordinal: numberOf(row[0]), revision: 1, job },
        readEvents: () => storedEvents(job.id, events),
      };
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

    async page(session, { tenant, status, scheduled = false, expiredAt, after, limit }) {
      const before = after === undefined ? null : await ordinalOf(session, after);
      const values: (string | number | null)[] = [before ?? Number.MAX_SAFE_INTEGER, limit];
      const conditions = ["ordinal < $1"];
      if (tenant !== undefined) conditions.push(`tenant = $${values.push(tenant)}`);
      if (expiredAt !== undefined) conditions.push(`keep_until < $${values.push(expiredAt)}`);
      if (scheduled) conditions.push(hasSchedule);
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
/** Looks at a job's spec: of those that have not ended there are few. */
const hasSchedule = `EXISTS (SELECT 1 FROM @.job_spec
  WHERE job_spec.job = ordinal AND spec::jsonb -> 'schedule' IS NOT NULL)`;
const selectJobs = `SELECT ${jobColumns} FROM ${joined} WHERE ordinal = ANY($1)`;
/** The job, what is large of it, and its first events, at once: keys are looked after when all of it is there. */
const insertJob = `WITH made AS (
    INSERT INTO @.job (revision, id, tenant, parent_job_id, created_at, queued_at, ${changingColumns.join(", ")})
    VALUES (1, $6, $7, $8, $9, $9, ${changingColumns.map((_column, index) => `$${index + 10}`).join(", ")})
    ON CONFLICT (id) DO NOTHING RETURNING ordinal, created_at
  ), spec AS (INSERT INTO @.job_spec (job, spec, source) SELECT ordinal, $1, $5 FROM made),
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

function theOne(stored: ReadonlyMap<number, StoredJob>, ordinal: number): StoredJob {
  const one = stored.get(ordinal);
  if (one !== undefined) return one;
  throw new CmoError("invariant_violated", `Job ${ordinal} is not whole in the store.`);
}
