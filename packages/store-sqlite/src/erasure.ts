import { setImmediate as nextTurn } from "node:timers/promises";
import { CmoError, hasLiveLease, type Job, type JobChange, type Store } from "@cmo/engine";
import {
  type FoundRow,
  isStoredJob,
  likePatterns,
  numberOf,
  peopleTables,
  type RowWindow,
  type StoredJob,
  textOf,
} from "@cmo/store-sql";
import type { Connection } from "./connection.ts";
import { createErasureLedger } from "./erasure-ledger.ts";
import type { JobTable } from "./job-table.ts";
import { applyRowEdit } from "./row-edit.ts";
import { scrubPages } from "./scrub-pages.ts";
import { readWindow } from "./stored-row.ts";

/** The part of a store that finds what it holds about people, and erases. */
export type ErasurePart = Pick<
  Store,
  "findRows" | "eraseRows" | "eraseJobs" | "eraseExpired" | "finishErasures" | "listErasures"
>;

/** What {@link createErasure} needs. */
export interface ErasureOptions {
  connection: Connection;
  jobs: JobTable;
  now(): number;
  /** Writes a change to a job, inside a transaction of the caller. */
  change(stored: StoredJob, decide: (job: Job, now: number) => JobChange): StoredJob;
  /** Rings for a job that was written to. */
  announce(jobId: string): void;
}

/** An {@link ErasurePart}. */
export function createErasure({ connection, jobs, now, change, announce }: ErasureOptions): ErasurePart {
  const ledger = createErasureLedger(connection);

  function announceAll(jobIds: Iterable<string>): void {
    for (const jobId of jobIds) announce(jobId);
  }

  return {
    async *findRows(texts) {
      const wanted = likePatterns(texts);
      if (wanted.length === 0) return;
      for (const table of peopleTables) {
        for (let window: RowWindow | null = null; window?.next !== null; ) {
          const after: RowWindow["next"] = window?.next ?? null;
          window = await connection.read((): RowWindow => readWindow(connection, table, wanted, after));
          for (const { row } of window.found) yield row;
          // Others of this process have their turn: the driver works synchronously.
          await nextTurn();
        }
      }
    },

    async eraseRows(texts, edit, decide) {
      const wanted = likePatterns(texts);
      const { changed } = await connection.write(
        () => {
          const written = new Set<string>();
          for (const ordinal of jobs.unfinished()) {
            const row = jobs.load(ordinal);
            if (isStoredJob(row)) change(row, decide);
            else jobs.sendAway(ordinal);
            written.add(row.job.id);
          }
          const changedJobs = new Map<number, string>();
          for (const found of rowsWith(wanted)) {
            const edited = edit(found.row);
            if (edited === undefined) continue;
            applyRowEdit(connection, found, edited);
            if (found.ordinal !== null && found.row.jobId !== null)
              changedJobs.set(found.ordinal, found.row.jobId);
          }
          // What is remembered of these jobs, here or in another process, is known to be old.
          for (const [ordinal, jobId] of changedJobs) {
            jobs.touch(ordinal);
            written.add(jobId);
          }
          ledger.note("person", now());
          return { changed: [...changedJobs.values()], written };
        },
        ({ written }) => announceAll(written),
      );
      return changed;
    },

    async eraseJobs(jobIds, scope) {
      await connection.write(
        () => {
          const gone = [...new Set(jobIds)].flatMap((jobId) => jobs.ordinalOf(jobId) ?? []);
          for (const ordinal of gone) {
            const { job } = jobs.load(ordinal);
            if (hasLiveLease(job, now())) {
              throw new CmoError("conflict", `A worker holds job ${job.id}.`, { hint: "Cancel it first." });
            }
          }
          for (const ordinal of gone) jobs.remove(ordinal);
          ledger.note(scope, now());
        },
        () => announceAll(jobIds),
      );
    },

    eraseExpired({ firstSeen, notes, campaigns }) {
      return connection.write(() => {
        const count = deleteSeen(firstSeen, campaigns) + deleteBefore("source_note", "at", notes);
        if (count > 0) ledger.noteTraces();
        return count;
      });
    },

    async finishErasures() {
      const traces = await connection.read(() => ledger.traces());
      if (traces === null) return "done";
      if (traces.inPages) {
        await scrubPages(connection);
        await connection.write(() => ledger.notePagesClean(traces));
      }
      if (!connection.emptyLog(readersMs)) return "pending";
      await connection.write(() => ledger.noteDone(traces));
      return "done";
    },

    listErasures(limit) {
      return connection.read(() => ledger.newest(limit));
    },
  };

  function* rowsWith(wanted: readonly string[]): Generator<FoundRow> {
    if (wanted.length === 0) return;
    for (const table of peopleTables) {
      for (let window: RowWindow | null = null; window?.next !== null; ) {
        window = readWindow(connection, table, wanted, window?.next ?? null);
        yield* window.found;
      }
    }
  }

  function deleteSeen(before: number | null, isMeant?: (campaign: string) => boolean): number {
    if (isMeant === undefined) return deleteBefore("first_seen", "keep_until", before);
    const campaigns = connection.all("SELECT DISTINCT campaign FROM first_seen").map(([one]) => textOf(one));
    return campaigns.filter(isMeant).reduce((count, campaign) => {
      connection.run("DELETE FROM first_seen WHERE campaign = ? AND keep_until < ?", [
        campaign,
        before ?? Number.MAX_SAFE_INTEGER,
      ]);
      return count + changes();
    }, 0);
  }

  function deleteBefore(table: string, column: string, time: number | null): number {
    if (time === null) connection.run(`DELETE FROM ${table}`);
    else connection.run(`DELETE FROM ${table} WHERE ${column} < ?`, [time]);
    return changes();
  }

  function changes(): number {
    return numberOf(connection.first("SELECT changes()")?.[0]);
  }
}

/** How long readers are waited for who keep the log from being emptied. */
const readersMs = 200;
