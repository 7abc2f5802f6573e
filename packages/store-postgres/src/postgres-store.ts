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
import { copyNewJob, patchJob, type StoredJob } from "@cmo/store-sql";
import {
  scanRecords,
  selectCheckpoint,
  selectRecords,
  writeCheckpoint,
  writeRecords,
} from "./agent-memory.ts";
import { openDatabase, type Session } from "./database.ts";
import { createErasure } from "./erasure.ts";
import { appendEvents, readEvents } from "./event-log.ts";
import { createExportedFiles } from "./exported-file.ts";
import { createFirstSeen } from "./first-seen.ts";
import { createJobTable, type HeldJob } from "./job-table.ts";
import { clearLeads, countLeads, insertLeads, selectLeads } from "./lead.ts";
import { migrate } from "./migration/migrate.ts";
import type { Migration } from "./migration/migration.ts";
import { createNews } from "./news.ts";
import { createSharedText } from "./shared-text.ts";
import { selectNotes, writeNotes } from "./source-note.ts";
import { createStoreClock } from "./store-clock.ts";
import { createSuppression } from "./suppression.ts";
import { insertTaskResults, selectCached, selectTaskResults } from "./task-result.ts";

/** Where a store is, and what it takes from its host. */
export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/name`. */
  readonly url: string;
  /** The same database without a pooler in between, for news. Default: {@link url}. */
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
  const database = openDatabase({ url, connections, schema });
  try {
    await migrate(database, { schema, ...(options.steps === undefined ? {} : { steps: options.steps }) });
  } catch (error) {
    await database.close();
    throw error;
  }
  const clock = createStoreClock(options.clock ?? null);
  const jobs = createJobTable(clock);
  const channel = `cmo news ${schema}`;
  const news = createNews({ url: directUrl, channel, everyMs: options.lookMs ?? 1_000 });
  const { single } = database;

  /** Told with the commit, to all who listen anywhere. */
  async function announce(session: Session, jobIds: Iterable<string>): Promise<void> {
    for (const jobId of jobIds) await session.first("SELECT pg_notify($1, $2)", [channel, jobId]);
  }

  async function existing(session: Session, jobId: string): Promise<number> {
    const ordinal = await jobs.ordinalOf(session, jobId);
    if (ordinal === null) throw notFound(jobId);
    return ordinal;
  }

  async function change(
    session: Session,
    held: HeldJob,
    decide: (job: Job, now: number) => JobChange,
  ): Promise<Written> {
    const { stored, now } = held;
    const decided = decide(stored.job, now);
    const { patch = {}, events = [], taskResults = [], leads = [], records = [], notes = [] } = decided;
    const { ordinal } = stored;
    const read = await appendEvents(session, { ...placeOf(stored), now }, events);
    const job = patchJob(stored.job, patch, stored.job.lastSeq + events.length);
    await insertTaskResults(session, ordinal, taskResults, now);
    if (decided.clearLeads === true) await clearLeads(session, ordinal);
    await insertLeads(session, ordinal, leads);
    await writeRecords(session, ordinal, records);
    if (decided.checkpoint !== undefined) await writeCheckpoint(session, ordinal, decided.checkpoint);
    await writeNotes(session, notes, now);
    const written = await jobs.update(session, held, job, { withSnapshot: patch.snapshot !== undefined });
    await announce(session, [job.id]);
    return { stored: written, readEvents: read };
  }

  function committed(written: Written): JobWrite {
    jobs.remember(written.stored);
    news.announce(written.stored.job.id);
    return toJobWrite(written);
  }

  const erasure = createErasure({ database, jobs, clock, change, announce });

  return {
    durable: true,

    async createJob(newJob, drafts) {
      return committed(
        await database.write(async (session) => {
          const held = await jobs.insert(session, (now) => copyNewJob(newJob, now, drafts.length));
          if (held === null) throw new CmoError("conflict", `There is a job ${newJob.id} already.`);
          const { stored, now } = held;
          const read = await appendEvents(session, { ...placeOf(stored), lastSeq: 0, now }, drafts);
          await announce(session, [newJob.id]);
          return { stored, readEvents: read };
        }),
      );
    },

    readJob: (jobId) => database.read(async (session) => (await jobs.find(session, jobId))?.job ?? null),
    listJobs: (filter) =>
      database.read(async (session) =>
        (await jobs.load(session, await jobs.page(session, filter))).map(({ job }) => job),
      ),
    readQueue: () => database.read((session) => jobs.queue(session)),

    async updateJob(jobId, decide) {
      return committed(
        await database.write(async (session) => {
          const held = await jobs.hold(session, jobId);
          if (held === null) throw notFound(jobId);
          return change(session, held, decide);
        }),
      );
    },
    async claimNext({ jobId }, decide) {
      // Idle workers ask again and again: they begin no transaction.
      if (!(await jobs.hasNext(single, jobId))) return null;
      const written = await database.write(async (session) => {
        const held = await jobs.holdNext(session, jobId);
        return held === null ? null : change(session, held, decide);
      });
      return written === null ? null : committed(written);
    },

    async readEvents(jobId, after, limit) {
      const events = await readEvents(single, jobId, Math.max(0, after), limit);
      if (events === null) throw notFound(jobId);
      return events;
    },
    onNews: news.listen,

    readTaskResults: (jobId, kind, itemIds) =>
      database.read(async (session) => {
        const lineage = await jobs.lineage(session, await existing(session, jobId));
        return selectTaskResults(session, lineage, kind, itemIds);
      }),
    readCached: (cacheKeys, since) => selectCached(single, cacheKeys, since),
    readNotes: (keys) => selectNotes(single, keys),
    readLeads: (jobId, filter) =>
      database.read(async (session) => selectLeads(session, await existing(session, jobId), filter)),
    countLeads: (jobId, selection) =>
      database.read(async (session) => countLeads(session, await existing(session, jobId), selection)),

    readCheckpoint: (jobId) =>
      database.read(async (session) => selectCheckpoint(session, await existing(session, jobId))),
    readRecords: (jobId, collection, keys) =>
      database.read(async (session) =>
        selectRecords(session, await existing(session, jobId), collection, keys),
      ),
    scanRecords: (jobId, collection, after, limit) =>
      database.read(async (session) =>
        scanRecords(session, await existing(session, jobId), collection, after, limit),
      ),

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

function placeOf({ ordinal, job }: StoredJob) {
  return { ordinal, jobId: job.id, lastSeq: job.lastSeq };
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
