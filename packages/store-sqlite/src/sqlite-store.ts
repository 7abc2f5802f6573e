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
import {
  assertReadable,
  claimFaultOf,
  copyNewJob,
  isStoredJob,
  patchJob,
  type StoredJob,
} from "@cmo/store-sql";
import {
  scanRecords,
  selectCheckpoint,
  selectRecords,
  writeCheckpoint,
  writeRecords,
} from "./agent-memory.ts";
import type { Connection } from "./connection.ts";
import { createErasure } from "./erasure.ts";
import { createEventLog } from "./event-log.ts";
import { createExportedFiles } from "./exported-file.ts";
import { createFirstSeen, noteExported } from "./first-seen.ts";
import { createJobTable } from "./job-table.ts";
import { clearLeads, countLeads, insertLeads, selectLeads } from "./lead.ts";
import { assertNotMoved } from "./moved-job.ts";
import { createNews } from "./news.ts";
import { openDatabase } from "./open-database.ts";
import { createSharedText } from "./shared-text.ts";
import { selectNotes, writeNotes } from "./source-note.ts";
import { createSuppression } from "./suppression.ts";
import { takingTurns } from "./taking-turns.ts";
import { insertTaskResults, scanTaskResults, selectCached, selectTaskResults } from "./task-result.ts";

/** Where a store is, and what it takes from its host. */
export interface SqliteStoreOptions {
  /** The database's file. It is made, with its folder, when it is not there; only its owner can read it. */
  path: string;
  /** Leases and events get their times from it. Default: the machine's. */
  clock?: Pick<Clock, "now">;
  /** For the key of the suppression hashes. Default: the system's generator. */
  randomBytes?: (size: number) => Uint8Array;
  /** After how long what another process wrote is heard of. Default 50. */
  pollMs?: number;
  /** How long SQLite waits for another process that writes, on each of six tries. Default 5,000. */
  busyTimeoutMs?: number;
}

/**
 * Opens a store in one SQLite file, which any number of processes of one machine may have open. What was committed
 * outlives the end of the process at any point; a loss of power may cost the last moments before it, never the file.
 * @throws CmoError `store_unavailable` when the file cannot be made, read or written, `store_corrupt` when it is no
 * database of this store, `store_newer` when a later version has changed it.
 */
export async function createSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { clock = { now: () => Date.now() } } = options;
  const now = () => clock.now();
  return storeOver(takingTurns(await openDatabase(options, now), now), options);
}

/** The store in a database that is open and up to date; it closes it. */
export async function storeOver(
  connection: Connection,
  options: Omit<SqliteStoreOptions, "path" | "busyTimeoutMs">,
): Promise<Store> {
  const { clock = { now: () => Date.now() }, randomBytes = nodeRandomBytes, pollMs = 50 } = options;
  const jobs = createJobTable(connection);
  const log = createEventLog(connection);
  const news = createNews({ connection, revisionOf: jobs.revisionOf, pollMs });
  const now = () => clock.now();
  const erasure = createErasure({
    connection,
    jobs,
    now,
    change: (stored, decide) => change(stored, decide).stored,
    announce: news.announce,
  });
  await finishLeftErasures();

  function existing(jobId: string): number {
    const ordinal = jobs.ordinalOf(jobId);
    if (ordinal === null) throw notFound(jobId);
    return ordinal;
  }

  function change(stored: StoredJob, decide: (job: Job, now: number) => JobChange): Written {
    const now = clock.now();
    const decided = decide(stored.job, now);
    const { patch = {}, events = [], taskResults = [], leads = [], records = [], notes = [] } = decided;
    const { ordinal } = stored;
    assertNotMoved(connection, stored.job, patch);
    const readEvents = log.append({ ...placeOf(stored), now }, decided);
    const job = patchJob(stored.job, patch, stored.job.lastSeq + events.length);
    insertTaskResults(connection, ordinal, taskResults, now);
    const { exportedAs: campaign } = decided;
    if (campaign !== undefined) noteExported(connection, { ordinal, job }, { campaign, now });
    if (decided.clearLeads === true) clearLeads(connection, ordinal);
    insertLeads(connection, ordinal, leads);
    writeRecords(connection, ordinal, records);
    if (decided.checkpoint !== undefined) writeCheckpoint(connection, ordinal, decided.checkpoint);
    writeNotes(connection, notes, now);
    const written = jobs.update(stored, job, { now, withSnapshot: patch.snapshot !== undefined });
    if (decided.next !== undefined && jobs.ordinalOf(decided.next.job.id) === null) {
      putIn({ ...decided.next, configText: jobs.configTextOf(ordinal) }, now);
    }
    return { stored: written, readEvents };
  }

  /** A job whose id is free, with the first events of its log. */
  function putIn(
    { job, configText, ...first }: NonNullable<JobChange["next"]> & { readonly configText: string | null },
    now: number,
  ): Written {
    const stored = jobs.insert(copyNewJob(job, now, first.events.length), configText);
    return { stored, readEvents: log.append({ ...placeOf(stored), lastSeq: 0, now }, first) };
  }

  /** An erase that somebody was in the way of, or whose process ended, is finished by the next who comes. */
  async function finishLeftErasures(): Promise<void> {
    try {
      await erasure.finishErasures();
    } catch {
      // It stays pending, and there will be another try. What is asked of the store will say what is wrong with it.
    }
  }

  function committed(written: Written | null): void {
    if (written === null) return;
    jobs.remember(written.stored);
    news.announce(written.stored.job.id);
  }

  return {
    durable: true,
    now: async () => clock.now(),

    async createJob(newJob, drafts, { chain, configText = null } = {}) {
      const written = await connection.write(() => {
        if (jobs.ordinalOf(newJob.id) !== null) {
          throw new CmoError("conflict", `There is a job ${newJob.id} already.`);
        }
        const now = clock.now();
        const { logHead = newJob.logHead, ...chained } = chain?.(now) ?? {};
        return putIn({ job: { ...newJob, logHead }, events: drafts, ...chained, configText }, now);
      }, committed);
      return toJobWrite(written);
    },

    readJob(jobId) {
      return connection.read(() => {
        const found = jobs.find(jobId);
        return found === null ? null : assertReadable(found).job;
      });
    },
    readStoredJob(jobId) {
      return connection.read(() => {
        const found = jobs.findStored(jobId);
        return found === null ? null : assertReadable(found).job;
      });
    },
    readListedJob(jobId) {
      return connection.read(() => jobs.find(jobId)?.job ?? null);
    },
    readConfigText(jobId) {
      return connection.read(() => jobs.configTextOf(existing(jobId)));
    },
    listJobs(filter) {
      return connection.read(() => jobs.page(filter).map((ordinal) => jobs.load(ordinal).job));
    },
    readQueue() {
      return connection.read(() => jobs.queue(clock.now()));
    },

    async updateJob(jobId, decide) {
      const written = await connection.write(() => {
        const stored = jobs.find(jobId);
        if (stored === null) throw notFound(jobId);
        return change(assertReadable(stored), decide);
      }, committed);
      return toJobWrite(written);
    },
    async claimNext({ jobId, limits, onPassedOver }, decide) {
      const next = () => jobs.nextClaimable(clock.now(), jobId, limits);
      for (;;) {
        // Idle workers ask again and again: they keep nobody from writing.
        const glanced = await connection.read(() => {
          const ordinal = next();
          return ordinal === null ? null : jobs.load(ordinal);
        });
        if (glanced === null) return null;
        const fault = claimFaultOf(glanced);
        if (fault !== null) {
          if (jobId !== undefined) throw fault;
          jobs.passOver(glanced.ordinal, clock.now());
          onPassedOver?.(glanced.job.id, fault);
          continue;
        }
        const written = await connection.write(
          () => {
            const ordinal = next();
            const row = ordinal === null ? null : jobs.load(ordinal);
            if (row === null) return null;
            // Another process may have taken the first; what is next then was not looked at.
            const fault = row.ordinal === glanced.ordinal ? null : claimFaultOf(row);
            return fault === null && isStoredJob(row) ? change(row, decide) : "look again";
          },
          (one) => committed(one === "look again" ? null : one),
        );
        if (written !== "look again") return written === null ? null : toJobWrite(written);
      }
    },

    readEvents(jobId, after, limit) {
      return connection.read(() => log.page(existing(jobId), jobId, Math.max(0, after), limit));
    },
    readLogRows(jobId, after, limit) {
      return connection.read(() => log.rows(existing(jobId), Math.max(0, after), limit));
    },
    onNews: news.listen,

    readTaskResults(jobId, kind, itemIds) {
      return connection.read(() =>
        selectTaskResults(connection, jobs.lineage(existing(jobId)), kind, itemIds),
      );
    },
    scanTaskResults(jobId, after, limit) {
      return connection.read(() => scanTaskResults(connection, existing(jobId), after, limit));
    },
    readCached(cacheKeys, since) {
      return connection.read(() => selectCached(connection, cacheKeys, since));
    },
    readNotes(keys) {
      return connection.read(() => selectNotes(connection, keys));
    },
    readLeads(jobId, filter) {
      return connection.read(() => selectLeads(connection, { ordinal: existing(jobId), jobId }, filter));
    },
    countLeads(jobId, selection) {
      return connection.read(() => countLeads(connection, existing(jobId), selection));
    },

    readCheckpoint(jobId) {
      return connection.read(() => selectCheckpoint(connection, existing(jobId)));
    },
    readRecords(jobId, collection, keys) {
      return connection.read(() => selectRecords(connection, existing(jobId), collection, keys));
    },
    scanRecords(jobId, collection, after, limit) {
      return connection.read(() => scanRecords(connection, existing(jobId), collection, after, limit));
    },

    ...createSharedText(connection, now),
    ...createSuppression(connection, {
      now,
      createKey: () => Buffer.from(randomBytes(32)).toString("hex"),
    }),
    ...createFirstSeen(connection),
    readLastExport(campaign, until) {
      return connection.read(() => {
        const ordinal = jobs.lastExport(campaign, until);
        return ordinal === null ? null : assertReadable(jobs.load(ordinal)).job;
      });
    },
    ...createExportedFiles(connection),
    ...erasure,

    async close() {
      news.close();
      connection.close();
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
function toJobWrite({ stored, readEvents }: Written): JobWrite {
  let events: readonly JobEvent[] | null = null;
  return {
    job: stored.job,
    get events() {
      events ??= readEvents();
      return events;
    },
  };
}
