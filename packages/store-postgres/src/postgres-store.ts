import { randomBytes as nodeRandomBytes } from "node:crypto";
import {
  type Clock,
  CmoError,
  type Job,
  type JobChange,
  type JobEvent,
  type JobWrite,
  type Store,
} from "@cmo/engine";
import { copyNewJob, numberOf, patchJob, type StoredJob } from "@cmo/store-sql";
import {
  checkpointPart,
  forgetParts,
  recordParts,
  scanRecords,
  selectCheckpoint,
  selectRecords,
} from "./agent-memory.ts";
import { openDatabase, type Session } from "./database.ts";
import { createErasure } from "./erasure.ts";
import { appendedEvents, appendPart, eventColumns, readEvents } from "./event-log.ts";
import { createExportedFiles } from "./exported-file.ts";
import { createFirstSeen } from "./first-seen.ts";
import { createJobTable, type HeldJob } from "./job-table.ts";
import { clearLeadsPart, countLeads, leadPart, selectLeads } from "./lead.ts";
import { migrate } from "./migration/migrate.ts";
import { createNews } from "./news.ts";
import { type Part, runTogether } from "./part.ts";
import { createSharedText } from "./shared-text.ts";
import { notePart, selectNotes } from "./source-note.ts";
import { createStoreClock, nowSql } from "./store-clock.ts";
import { createSuppression } from "./suppression.ts";
import { selectCached, selectTaskResults, taskResultPart } from "./task-result.ts";

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
  const database = openDatabase({ url, connections, schema, prepares: options.directUrl === undefined });
  try {
    await migrate(database, { schema });
  } catch (error) {
    await database.close();
    throw error;
  }
  const clock = createStoreClock(options.clock ?? null);
  const jobs = createJobTable(clock);
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

  async function change(
    session: Session,
    held: HeldJob,
    decide: (job: Job, now: number) => JobChange,
  ): Promise<Written> {
    const { stored, now } = held;
    const { ordinal } = stored;
    const decided = decide(stored.job, now);
    const { patch = {}, events = [], taskResults = [], leads = [], records = [], notes = [] } = decided;
    const place = { jobId: stored.job.id, lastSeq: stored.job.lastSeq, now };
    const columns = eventColumns(events);
    const job = patchJob(stored.job, patch, stored.job.lastSeq + events.length);
    const parts: Part[] = [];
    if (events.length > 0) parts.push(appendPart(ordinal, place, columns));
    if (taskResults.length > 0) parts.push(taskResultPart(ordinal, taskResults, now));
    if (decided.clearLeads === true) parts.push(clearLeadsPart(ordinal));
    if (leads.length > 0) parts.push(leadPart(ordinal, leads));
    if (decided.checkpoint === null) parts.push(...forgetParts(ordinal));
    else {
      parts.push(...recordParts(ordinal, records));
      if (decided.checkpoint !== undefined) parts.push(checkpointPart(ordinal, decided.checkpoint));
    }
    if (notes.length > 0) parts.push(notePart(notes, now));
    parts.push(...jobs.updateParts(held, job, { withSnapshot: patch.snapshot !== undefined }));
    await runTogether(session, parts);
    return {
      stored: { ordinal, revision: stored.revision + 1, job },
      readEvents: () => appendedEvents(place, columns),
    };
  }

  function committed(written: Written): JobWrite {
    jobs.remember(written.stored);
    news.announce([written.stored.job.id]);
    return toJobWrite(written);
  }

  const erasure = createErasure({ database, jobs, clock, change, announce: news.announce });
  /** Whether the last look for any job found one: then the next is likely to, and is not preceded by a glance. */
  let isBusy = false;

  return {
    durable: true,

    async createJob(newJob, drafts) {
      return committed(
        await database.write(
          async (session, opened) => {
            const now = numberOf(opened?.[0]);
            const columns = eventColumns(drafts);
            const stored = await jobs.insert(session, copyNewJob(newJob, now, drafts.length), columns);
            if (stored === null) throw new CmoError("conflict", `There is a job ${newJob.id} already.`);
            return {
              stored,
              readEvents: () => appendedEvents({ jobId: newJob.id, lastSeq: 0, now }, columns),
            };
          },
          { sql: `SELECT ${nowSql(1)}`, values: [clock.value()] },
        ),
      );
    },

    readJob: async (jobId) => (await jobs.find(single, jobId))?.job ?? null,
    listJobs: (filter) =>
      database.read(async (session) =>
        (await jobs.load(session, await jobs.page(session, filter))).map(({ job }) => job),
      ),
    readQueue: () => database.read((session) => jobs.queue(session)),

    async updateJob(jobId, decide) {
      return committed(
        await database.write(async (session, opened) => {
          const held = await jobs.held(session, opened);
          if (held === null) throw notFound(jobId);
          return change(session, held, decide);
        }, jobs.holding(jobId)),
      );
    },
    async claimNext({ jobId }, decide) {
      // Idle workers ask again and again: they begin no transaction.
      const mayGlance = jobId !== undefined || !isBusy;
      if (mayGlance && !(await jobs.hasNext(single, jobId))) return null;
      const written = await database.write(async (session, opened) => {
        const held = await jobs.held(session, opened);
        return held === null ? null : change(session, held, decide);
      }, jobs.holdingNext(jobId));
      if (jobId === undefined) isBusy = written !== null;
      return written === null ? null : committed(written);
    },

    async readEvents(jobId, after, limit) {
      const events = await readEvents(single, jobId, Math.max(0, after), limit);
      if (events === null) throw notFound(jobId);
      return events;
    },
    onNews: news.listen,

    readTaskResults: async (jobId, kind, itemIds) =>
      ofJob(jobId, selectTaskResults(single, jobId, kind, itemIds)),
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
    ...createExportedFiles(database),
    ...erasure,

    async close() {
      await news.close();
      await database.close();
    },
  };
}

interface Written {
  readonly stored: StoredJob;
  readEvents(): readonly JobEvent[];
}

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
