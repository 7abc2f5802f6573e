import { CmoError, type JobFilter, type JobStatus, type QueueFacts, type WorkLimits } from "@cmo/engine";
import {
  assertReadable,
  claimFaultOf,
  createPassedOver,
  isStoredJob,
  jobColumns,
  jobStatuses,
  type ListedRow,
  nullable,
  numberOf,
  type Row,
  readJobRow,
  type StoredJob,
  scheduleMark,
} from "@cmo/store-sql";
import { forgetParts } from "./agent-memory.ts";
import type { Opening, Session } from "./database.ts";
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
import { runTogether } from "./part.ts";
import { nowSql, type StoreClock } from "./store-clock.ts";

/** Jobs as rows. */
export interface JobTable {
  isThere(session: Session, jobId: string): Promise<boolean>;
  find(session: Session, jobId: string): Promise<ListedRow | null>;
  /** The same out of its row, whatever is remembered of it. */
  findStored(session: Session, jobId: string): Promise<ListedRow | null>;
  /** The jobs with these keys, in this order. @throws CmoError `invariant_violated` for one that is not there. */
  load(session: Session, ordinals: readonly number[]): Promise<readonly ListedRow[]>;
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
  held(session: Session, opened: readonly Row[]): Promise<readonly HeldRow[]>;
  /**
   * Looks at the next jobs to be worked on, holding none, up to the first that this version can work on; those before it
   * are passed over for a minute. Gives what was passed over, and why.
   */
  passOver(session: Session, limits?: WorkLimits): Promise<ReadonlyMap<string, CmoError>>;
  /** A job that cannot be read is taken from whoever works on it, and begins again without a checkpoint. */
  sendAway(session: Session, ordinals: readonly number[]): Promise<void>;
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
  holdUnfinished(session: Session): Promise<readonly HeldRow[]>;
  /** Keeps a job for the next who loads it; called when its transaction was committed. */
  remember(stored: StoredJob): void;
  /** Forgets what was kept: a server that crashed may have lost what it had said. */
  forget(): void;
  queue(session: Session): Promise<QueueFacts>;
  /** The keys of a page's jobs, newest first. */
  page(session: Session, filter: JobFilter): Promise<readonly number[]>;
  /** The job that ended last as a run of the campaign, at `until` or before; null when there is none. */
  lastExport(session: Session, campaign: string, until: number): Promise<StoredJob | null>;
  /** Counts the revision up: something of the job was changed beside its row. */
  touch(session: Session, ordinals: readonly number[]): Promise<void>;
  /** Takes jobs out with everything that is of them. */
  remove(session: Session, ordinals: readonly number[]): Promise<void>;
}

/** A job that is held by a transaction, as its row was read, with the time at which that was. */
export interface HeldRow {
  readonly stored: ListedRow;
  readonly now: number;
}

/** A {@link JobTable}. What is large of the jobs that were read or written last is kept, and read again when it changed. */
export function createJobTable(clock: StoreClock): JobTable {
  const remembered = new Map<number, StoredJob>();
  const passedOver = createPassedOver();

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
  async function current(session: Session, rows: readonly Row[]): Promise<ReadonlyMap<number, ListedRow>> {
    const stored = new Map<number, ListedRow>();
    const unknown: number[] = [];
    for (const [ordinal, revision] of rows) {
      const known = remembered.get(numberOf(ordinal));
      if (known?.revision === numberOf(revision)) {
        remember(known);
        stored.set(known.ordinal, known);
      } else unknown.push(numberOf(ordinal));
    }
    for (const one of unknown.length === 0 ? [] : await read(session, unknown)) stored.set(one.ordinal, one);
    return stored;
  }

  async function read(session: Session, ordinals: readonly number[]): Promise<readonly ListedRow[]> {
    const jobs = (await session.all(selectJobs, [ordinals])).map(readJobRow);
    for (const one of jobs) if (isStoredJob(one)) remember(one);
    return jobs;
  }

  async function held(session: Session, rows: readonly Row[]): Promise<readonly HeldRow[]> {
    const stored = await current(session, rows);
    return rows.map(([ordinal, , now]) => ({
      stored: theOne(stored, numberOf(ordinal)),
      now: numberOf(now),
    }));
  }

  /** The conditions on a job that is taken from the queue, with their values, which begin with this number. */
  function within(limits: WorkLimits, first: number) {
    const limited = limitsOf(limits, first);
    const passed = passedOver.list(nowHere());
    if (passed.length === 0) return limited;
    const sql = `${limited.sql} AND ordinal <> ALL ($${first + limited.values.length}::bigint[])`;
    return { sql, values: [...limited.values, `{${passed.join(",")}}`] };
  }

  /** Roughly the store's time, without asking for it. */
  function nowHere(): number {
    return clock.value() ?? Date.now();
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

    async findStored(session, jobId) {
      const ordinal = await ordinalOf(session, jobId);
      return ordinal === null ? null : ((await read(session, [ordinal]))[0] ?? null);
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
    holdingNext(most) {
      const { sql, values } = within({}, 3);
      return { sql: holdNext(sql, "$2"), values: [clock.value(), most, ...values], once: most > 1 };
    },
    holdingNextWithin(limits) {
      const { sql, values } = within(limits, 2);
      return { sql: `${oneByLimits}; ${holdNext(sql, "1")}`, values: [clock.value(), ...values] };
    },
    holdingClaimable: (jobId) => ({ sql: holdThisJob, values: [clock.value(), jobId] }),

    async hasNext(session, { jobId, limits = {} }) {
      if (jobId !== undefined) return (await session.first(thisJob, [clock.value(), jobId])) !== null;
      const { sql, values } = within(limits, 2);
      return (await session.first(`${nextOf("ordinal", sql)} LIMIT 1`, [clock.value(), ...values])) !== null;
    },

    async passOver(session, limits = {}) {
      const faults = new Map<string, CmoError>();
      for (;;) {
        const { sql, values } = within(limits, 2);
        const next = `${nextOf("ordinal, revision", sql)} LIMIT ${passedAtOnce}`;
        const rows = await session.all(next, [clock.value(), ...values]);
        const stored = await current(session, rows);
        for (const [ordinal] of rows) {
          const row = stored.get(numberOf(ordinal));
          // One that was erased in between is nobody's concern.
          if (row === undefined) continue;
          const fault = claimFaultOf(row);
          if (fault === null) return faults;
          passedOver.add(row.ordinal, nowHere());
          faults.set(row.job.id, fault);
        }
        if (rows.length < passedAtOnce) return faults;
      }
    },
    async sendAway(session, ordinals) {
      if (ordinals.length === 0) return;
      await session.run(
        `UPDATE @.job SET revision = revision + 1, epoch = epoch + 1, lease_owner = NULL, lease_until = NULL
          WHERE ordinal = ANY($1)`,
        [ordinals],
      );
      await runTogether(session, forgetParts(ordinals));
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

    async queue(session) {
      const jobs = { queued: 0, running: 0, paused: 0, completed: 0, failed: 0, cancelled: 0 };
      for (const [status, count] of await session.all(countByStatus)) {
        const known = jobStatuses.find((one) => one === status);
        if (known !== undefined) jobs[known] = numberOf(count);
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

    async lastExport(session, campaign, until) {
      const row = await session.first(lastExport, [campaign, until]);
      const found = row === null ? undefined : (await current(session, [row])).get(numberOf(row[0]));
      return found === undefined ? null : assertReadable(found);
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

/** How many jobs of a queue are looked at in one statement. */
const passedAtOnce = 100;
/** How many jobs are kept; a worker has a few, and lists are read by page. */
const rememberedJobs = 64;

const openStatuses: readonly JobStatus[] = ["queued", "running", "paused"];

const joined = `@.job LEFT JOIN @.job_spec ON job_spec.job = ordinal
  LEFT JOIN @.job_snapshot ON job_snapshot.job = ordinal`;
/** Looks at a job's spec: of those that have not ended there are few. */
const hasSchedule = `EXISTS (SELECT 1 FROM @.job_spec
  WHERE job_spec.job = ordinal AND position('${scheduleMark}' IN spec) > 0)`;
const selectJobs = `SELECT ${jobColumns} FROM ${joined} WHERE ordinal = ANY($1)`;
const waiting = `SELECT count(*), min(waiting_since), ${nowSql(1)} FROM @.job WHERE ${claimable}`;
/** Along the index `job_by_export`. */
const lastExport = `SELECT ordinal, revision FROM @.job WHERE exported_as = $1 AND finished_at <= $2
  ORDER BY finished_at DESC, ordinal DESC LIMIT 1`;
/** Along the index `job_by_status`. */
const countByStatus = "SELECT status, count(*) FROM @.job GROUP BY status";

function theOne(stored: ReadonlyMap<number, ListedRow>, ordinal: number): ListedRow {
  const one = stored.get(ordinal);
  if (one !== undefined) return one;
  throw new CmoError("invariant_violated", `Job ${ordinal} is not whole in the store.`);
}
