import { CmoError, type ErasureScope, hasLiveLease, type Store } from "@cmo/engine";
import {
  type FoundRow,
  isStoredJob,
  likePatterns,
  numberOf,
  oneOf,
  peopleTables,
  type RowWindow,
  textOf,
} from "@cmo/store-sql";
import type { Database, Opening, Session } from "./database.ts";
import type { JobTable } from "./job-table.ts";
import { applyRowEdit } from "./row-edit.ts";
import { nowSql, type StoreClock } from "./store-clock.ts";
import { readWindow, type ScanScope } from "./stored-row.ts";
import { createWriteSet } from "./write-set.ts";

/** The part of a store that finds what it holds about people, and erases. */
export type ErasurePart = Pick<
  Store,
  "findRows" | "eraseRows" | "eraseJobs" | "eraseExpired" | "finishErasures" | "listErasures"
>;

/** What {@link createErasure} needs. */
export interface ErasureOptions {
  readonly database: Database;
  readonly jobs: JobTable;
  readonly clock: StoreClock;
  /** Tells all processes of jobs that were written to; called when the transaction is committed. */
  announce(jobIds: Iterable<string>): void;
}

/** An {@link ErasurePart}. */
export function createErasure({ database, jobs, clock, announce }: ErasureOptions): ErasurePart {
  const { single } = database;

  async function note(session: Session, scope: ErasureScope): Promise<void> {
    await session.run(`INSERT INTO @.erasure (scope, at, state) VALUES ($2, ${nowSql(1)}, 'pending')`, [
      clock.value(),
      scope,
    ]);
  }

  async function* rowsWith(
    session: Session,
    patterns: readonly string[],
    scope: ScanScope | null,
  ): AsyncGenerator<FoundRow, void, undefined> {
    if (patterns.length === 0) return;
    for (const table of peopleTables) {
      for (let window: RowWindow | null = null; window?.next !== null; ) {
        const after: RowWindow["next"] = window?.next ?? null;
        window = await readWindow(session, table, patterns, after, scope);
        yield* window.found;
      }
    }
  }

  return {
    async *findRows(texts) {
      for await (const { row } of rowsWith(single, likePatterns(texts), null)) yield row;
    },

    async eraseRows(texts, edit, decide) {
      // With nobody under way: every job up to the newest is seen, and what was not open does not change any more.
      const now = await database.write(async (session) => {
        await jobs.lockAll(session);
        return jobs.unfinished(session);
      });
      const { changed, written } = await database.write(async (session) => {
        const changed = new Map<number, string>();
        const look = async (scope: ScanScope) => {
          for await (const found of rowsWith(session, likePatterns(texts), scope)) {
            const edited = edit(found.row);
            if (edited === undefined) continue;
            await applyRowEdit(session, found, edited);
            const { ordinal, row } = found;
            if (ordinal !== null && row.jobId !== null) changed.set(ordinal, row.jobId);
          }
        };
        // What has ended does not change any more, and is the most by far: nobody is held while it is looked through.
        await look({ ...now, part: "ended" });
        // From here on nobody makes a job either, which might take over what is about to be erased.
        await jobs.lockAll(session);
        const written = new Set<string>();
        const writes = createWriteSet();
        const unreadable: number[] = [];
        for (const { stored, now } of await jobs.holdUnfinished(session)) {
          if (isStoredJob(stored)) writes.add({ stored, now }, decide(stored.job, now));
          else unreadable.push(stored.ordinal);
          written.add(stored.job.id);
        }
        await writes.write(session);
        await jobs.sendAway(session, unreadable);
        await look({ ...now, part: "others" });
        // What is remembered of these jobs, here or in another process, is known to be old.
        await jobs.touch(session, [...changed.keys()]);
        await note(session, "person");
        return { changed: [...changed.values()], written };
      }, oneErase);
      announce(new Set([...written, ...changed]));
      return changed;
    },

    async eraseJobs(jobIds, scope) {
      await database.write(async (session) => {
        const { sql, values } = jobs.holding([...new Set(jobIds)]);
        const gone = await jobs.held(session, await session.all(sql, values));
        for (const { stored, now } of gone) {
          if (!hasLiveLease(stored.job, now)) continue;
          throw new CmoError("conflict", `A worker holds job ${stored.job.id}.`, {
            hint: "Cancel it first.",
          });
        }
        await jobs.remove(
          session,
          gone.map(({ stored }) => stored.ordinal),
        );
        await note(session, scope);
      }, oneErase);
      announce(jobIds);
    },

    eraseExpired({ firstSeen, notes, campaigns }) {
      const work = async (session: Session) => {
        const seen = await deleteSeen(session, firstSeen, campaigns);
        const noted =
          notes === null
            ? await session.run("DELETE FROM @.source_note")
            : await session.run("DELETE FROM @.source_note WHERE at < $1", [notes]);
        return seen + noted;
      };
      return database.write(work, { sql: "", isLong: true });
    },

    /**
     * What was deleted stands in the tables' pages until they are vacuumed: `VACUUM` gives the space back to be written
     * over. Where this user may not, the database's own autovacuum does it, and the ledger says pending until then.
     * Backups and the write-ahead log are the operator's.
     */
    async finishErasures() {
      const row = await single.first("SELECT max(id) FROM @.erasure WHERE state = 'pending'");
      const last = row?.[0] ?? null;
      if (last === null) return "done";
      try {
        for (const table of vacuumed) await single.script(`VACUUM @.${table}`);
      } catch {
        return "pending";
      }
      await single.run("UPDATE @.erasure SET state = 'done' WHERE state = 'pending' AND id <= $1", [
        numberOf(last),
      ]);
      return "done";
    },

    async listErasures(limit) {
      const rows = await single.all("SELECT scope, at, state FROM @.erasure ORDER BY id DESC LIMIT $1", [
        limit,
      ]);
      return rows.map(([scope, at, state]) => ({
        scope: oneOf(scope, scopes),
        at: numberOf(at),
        state: oneOf(state, ["pending", "done"] as const),
      }));
    },
  };
}

/** One erase after the other: each holds many jobs, and what one looks through must not change under it. */
export const oneErase: Opening = {
  sql: "SELECT pg_advisory_xact_lock(hashtextextended('cmo erasing @.', 0))",
  isLong: true,
};

async function deleteSeen(
  session: Session,
  before: number | null,
  isMeant?: (campaign: string) => boolean,
): Promise<number> {
  const limit = before ?? Number.MAX_SAFE_INTEGER;
  if (isMeant === undefined) return session.run("DELETE FROM @.first_seen WHERE keep_until < $1", [limit]);
  const rows = await session.all("SELECT DISTINCT campaign FROM @.first_seen");
  const meant = rows.map(([campaign]) => textOf(campaign)).filter(isMeant);
  return session.run("DELETE FROM @.first_seen WHERE campaign = ANY($1::text[]) AND keep_until < $2", [
    meant,
    limit,
  ]);
}

const scopes: readonly ErasureScope[] = ["person", "job", "retention", "all"];

/** The tables in which people may have stood. */
const vacuumed = [
  "task_result",
  "lead",
  "event",
  "job_snapshot",
  "source_note",
  "first_seen",
  "agent_record",
  "checkpoint",
  "job",
  "job_spec",
] as const;
