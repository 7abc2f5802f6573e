import { randomBytes as nodeRandomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type Clock, CmoError, type JobEvent, type JobWrite, type Store } from "@cmo/engine";
import { assertReadable, numberOf } from "@cmo/store-sql";
import { scanRecords, selectCheckpoint, selectRecords } from "./agent-memory.ts";
import { openDatabase } from "./database.ts";
import { createErasure } from "./erasure.ts";
import { readEvents, readLogRows } from "./event-log.ts";
import { createExportedFiles } from "./exported-file.ts";
import { createFirstSeen } from "./first-seen.ts";
import { configTextOf, insertJob } from "./insert-job.ts";
import { createJobTable } from "./job-table.ts";
import { createJobWriter } from "./job-writer.ts";
import { countLeads, selectLeads } from "./lead.ts";
import { migrate } from "./migration/migrate.ts";
import type { Migration } from "./migration/migration.ts";
import { createNews } from "./news.ts";
import { createSharedText } from "./shared-text.ts";
import { selectNotes } from "./source-note.ts";
import { createStoreClock, nowSql } from "./store-clock.ts";
import { createSuppression } from "./suppression.ts";
import { scanTaskResults, selectCached, selectTaskResults } from "./task-result.ts";
import type { Written } from "./write-set.ts";

/** Where a store is, and what it takes from its host. */
export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/name`. */
  readonly url: string;
  /**
   * The same database without a pooler in between, for news; what goes to {@link url} is not prepared then. Default:
   * {@link url}.
   */
  readonly directUrl?: string;
  /** At most so many connections, one more for news. Default 10. */
  readonly connections?: number;
  /** Leases and events get their times from it. Default: the database's own clock. */
  readonly clock?: Pick<Clock, "now">;
  /** For the key of the suppression hashes. Default: the system's generator. */
  readonly randomBytes?: (size: number) => Uint8Array;
  /** Whose tables: several stores may be in one database. Default `cmo`. */
  readonly schema?: string;
  /** The steps of the schema. Default: those of this version; a version to come is tried beside it with more. */
  readonly steps?: readonly Migration[];
  /** How often the connection for news is looked at, in milliseconds. Default 1,000. */
  readonly lookMs?: number;
}

/**
 * Opens a store in a database of PostgreSQL 13 or newer, which any number of processes of any number of machines may have
 * open. What was committed is there; a connection that breaks in the middle of a commit is asked for.
 * @throws CmoError `store_unavailable` when the database cannot be reached or used, `store_newer` when a later version has
 * changed it, `usage` for an address that is none.
 */
export async function createPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { url, directUrl = url, connections = 10, randomBytes = nodeRandomBytes, schema = "cmo" } = options;
  // A pooler keeps nothing that a connection has prepared.
  const database = openDatabase({
    url,
    connections,
    schema,
    prepares: options.directUrl === undefined,
    onLost: () => forget(),
  });
  let forget = () => {};
  try {
    await migrate(database, { schema, ...(options.steps === undefined ? {} : { steps: options.steps }) });
  } catch (error) {
    await database.close();
    throw error;
  }
  const clock = createStoreClock(options.clock ?? null);
  const jobs = createJobTable(clock);
  forget = jobs.forget;
  const { single } = database;
  const news = createNews({
    url: directUrl,
    session: single,
    schema,
    everyMs: options.lookMs ?? 1_000,
  });

  /** What was found of a job; where nothing was, it is asked whether there is such a job. */
  async function ofJob<T extends { readonly size: number } | { readonly length: number }>(
    jobId: string,
    found: Promise<T>,
  ): Promise<T> {
    const rows = await found;
    if (("size" in rows ? rows.size : rows.length) === 0 && !(await jobs.isThere(single, jobId)))
      throw notFound(jobId);
    return rows;
  }

  function committed(written: readonly Written[]): void {
    for (const { stored } of written) jobs.remember(stored);
    news.announce(written.map(({ stored }) => stored.job.id));
  }

  const writer = createJobWriter({ database, jobs, onCommitted: committed });
  const erasure = createErasure({ database, jobs, clock, announce: news.announce });
  /** Whether the last look for any job found one: then the next is likely to, and is not preceded by a glance. */
  let isBusy = false;

  return {
    durable: true,
    now: async () => numberOf((await single.first(`SELECT ${nowSql(1)}`, [clock.value()]))?.[0]),

    async createJob(newJob, drafts, { chain, configText = null } = {}) {
      const created = await database.write(
        async (session, [opened]) => {
          const now = numberOf(opened?.[0]);
          const { logHead = newJob.logHead, ...chained } = chain?.(now) ?? {};
          const row = { job: { ...newJob, logHead }, events: drafts, ...chained, configText };
          const made = await insertJob(session, row, now);
          if (made === null) throw new CmoError("conflict", `There is a job ${newJob.id} already.`);
          return made;
        },
        { sql: `SELECT ${nowSql(1)}`, values: [clock.value()] },
      );
      committed([created]);
      return toJobWrite(created);
    },

    async readJob(jobId) {
      const found = await jobs.find(single, jobId);
      return found === null ? null : assertReadable(found).job;
    },
    async readStoredJob(jobId) {
      const found = await jobs.findStored(single, jobId);
      return found === null ? null : assertReadable(found).job;
    },
    readListedJob: async (jobId) => (await jobs.find(single, jobId))?.job ?? null,
    async readConfigText(jobId) {
      const text = await configTextOf(single, jobId);
      if (text === undefined) throw notFound(jobId);
      return text;
    },
    listJobs: (filter) =>
      database.read(async (session) =>
        (await jobs.load(session, await jobs.page(session, filter))).map(({ job }) => job),
      ),
    readQueue: () => database.read((session) => jobs.queue(session)),

    updateJob: async (jobId, decide) => toJobWrite(await writer.update(jobId, decide)),
    async claimNext({ jobId, limits, onPassedOver }, decide) {
      // Idle workers ask again and again: they begin no transaction.
      const mayGlance = jobId !== undefined || !isBusy;
      if (mayGlance) {
        const request = { ...(jobId !== undefined && { jobId }), limits };
        // One that finds nothing to do would otherwise not hear of another schema.
        const [hasNext] = await Promise.all([jobs.hasNext(single, request), database.assertSchema()]);
        if (!hasNext) return null;
      }
      const written =
        jobId === undefined
          ? await writer.claimNext({ decide, limits, onPassedOver })
          : await writer.claim(jobId, decide);
      if (jobId === undefined) isBusy = written !== null;
      return written === null ? null : toJobWrite(written);
    },

    async readEvents(jobId, after, limit) {
      const events = await readEvents(single, jobId, Math.max(0, after), limit);
      if (events === null) throw notFound(jobId);
      return events;
    },
    async readLogRows(jobId, after, limit) {
      const rows = await readLogRows(single, jobId, Math.max(0, after), limit);
      if (rows === null) throw notFound(jobId);
      return rows;
    },
    onNews: news.listen,

    readTaskResults: async (jobId, kind, itemIds) =>
      ofJob(jobId, selectTaskResults(single, jobId, kind, itemIds)),
    scanTaskResults: (jobId, after, limit) => ofJob(jobId, scanTaskResults(single, jobId, after, limit)),
    readCached: (cacheKeys, since) => selectCached(single, cacheKeys, since),
    readNotes: (keys) => selectNotes(single, keys),
    readLeads: (jobId, filter) => ofJob(jobId, selectLeads(single, jobId, filter)),
    async countLeads(jobId, selection) {
      const count = await countLeads(single, jobId, selection);
      if (count === 0 && !(await jobs.isThere(single, jobId))) throw notFound(jobId);
      return count;
    },

    async readCheckpoint(jobId) {
      const checkpoint = await selectCheckpoint(single, jobId);
      if (checkpoint === undefined) throw notFound(jobId);
      return checkpoint;
    },
    readRecords: (jobId, collection, keys) => ofJob(jobId, selectRecords(single, jobId, collection, keys)),
    scanRecords: (jobId, collection, after, limit) =>
      ofJob(jobId, scanRecords(single, jobId, collection, after, limit)),

    ...createSharedText(database, clock),
    ...createSuppression(database, {
      clock,
      createKey: () => Buffer.from(randomBytes(32)).toString("hex"),
    }),
    ...createFirstSeen(database),
    readLastExport: async (campaign, until) => (await jobs.lastExport(single, campaign, until))?.job ?? null,
    ...createExportedFiles(database),
    ...erasure,

    async close() {
      // What was asked for is done, unless somebody is in its way for long.
      const timer = new AbortController();
      await Promise.race([
        writer.idle(),
        wait(mostCloseMs, undefined, { signal: timer.signal }).catch(() => {}),
      ]);
      timer.abort();
      await news.close();
      await database.close();
    },
  };
}

/** How long a store that is closed waits for what it was asked to write, in milliseconds. */
const mostCloseMs = 5_000;

function notFound(jobId: string): CmoError {
  return new CmoError("not_found", `There is no job ${jobId} in this store.`);
}

/** The events are read back when somebody looks at them: the worker, who writes most, never does. */
function toJobWrite({ stored, readEvents: read }: Written): JobWrite {
  let events: readonly JobEvent[] | null = null;
  return {
    job: stored.job,
    get events() {
      events ??= read();
      return events;
    },
  };
}
