import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";

/** What stands in the way of whoever puts a job into a database. */
export interface JobGate {
  /** From now on whoever puts a job in waits, in the middle of its transaction. */
  shut(): Promise<void>;
  untilSomebodyWaits(): Promise<void>;
  /** Lets those who wait go on; `undone`: ends their connections instead, so that what they were about is undone. */
  open(options: { readonly undone: boolean }): Promise<void>;
  close(): Promise<void>;
}

/** Opens a {@link JobGate} before the jobs of the schema `cmo`. */
export async function openJobGate(url: string): Promise<JobGate> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    CREATE FUNCTION public.pass_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      PERFORM pg_advisory_xact_lock_shared(${gate});
      RETURN NEW;
    END $$;
    CREATE TRIGGER pass_gate BEFORE INSERT ON cmo.job FOR EACH ROW EXECUTE FUNCTION public.pass_gate();
  `);
  const waiting = "FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted";
  return {
    async shut() {
      await client.query("SELECT pg_advisory_lock($1)", [gate]);
    },
    async untilSomebodyWaits() {
      while ((await client.query(`SELECT 1 ${waiting}`, [gate])).rows.length === 0) await wait(10);
    },
    async open({ undone }) {
      if (undone) await client.query(`SELECT pg_terminate_backend(pid) ${waiting}`, [gate]);
      await client.query("SELECT pg_advisory_unlock($1)", [gate]);
    },
    close: () => client.end(),
  };
}

const gate = 4_711;
