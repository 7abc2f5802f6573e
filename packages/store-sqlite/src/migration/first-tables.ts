import type { Migration } from "./migration.ts";

/**
 * Jobs, their logs, task results and leads; the suppression list and who was first seen when.
 *
 * A job is known to the other tables by `ordinal`, which is never used twice and puts jobs in the order in which they
 * were made. Its row is small, because SQLite writes rows whole: what is large stands in tables of its own.
 * `claimable_at` is the time from which a worker may take the job, so that the queue is one index.
 */
export const firstTables: Migration = {
  name: "first tables",
  sql: `
    CREATE TABLE setting (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE job (
      ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      revision INTEGER NOT NULL,
      parent_job_id TEXT,
      created_at INTEGER NOT NULL,
      status TEXT NOT NULL,
      desired TEXT,
      priority INTEGER NOT NULL,
      not_before INTEGER NOT NULL,
      attempt INTEGER NOT NULL,
      attempt_open INTEGER NOT NULL,
      started_at INTEGER,
      finished_at INTEGER,
      error TEXT,
      last_seq INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      lease_owner TEXT,
      lease_until INTEGER,
      claimable_at INTEGER GENERATED ALWAYS AS (
        CASE status WHEN 'queued' THEN not_before WHEN 'running' THEN coalesce(lease_until, 0) END
      ) VIRTUAL
    );
    CREATE INDEX job_by_status ON job (status, ordinal);
    CREATE INDEX job_queue ON job (priority DESC, ordinal, claimable_at) WHERE claimable_at IS NOT NULL;

    CREATE TABLE job_spec (
      job INTEGER PRIMARY KEY REFERENCES job (ordinal) ON DELETE CASCADE,
      spec TEXT NOT NULL
    );
    CREATE TABLE job_snapshot (
      job INTEGER PRIMARY KEY REFERENCES job (ordinal) ON DELETE CASCADE,
      snapshot TEXT NOT NULL
    );

    CREATE TABLE event (
      job INTEGER NOT NULL REFERENCES job (ordinal) ON DELETE CASCADE,
      seq INTEGER NOT NULL,
      at INTEGER NOT NULL,
      v INTEGER NOT NULL,
      type TEXT NOT NULL,
      data TEXT NOT NULL,
      PRIMARY KEY (job, seq)
    ) WITHOUT ROWID;

    CREATE TABLE task_result (
      id INTEGER PRIMARY KEY,
      job INTEGER NOT NULL REFERENCES job (ordinal) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      item_id TEXT NOT NULL,
      input_digest TEXT NOT NULL,
      value TEXT NOT NULL,
      UNIQUE (job, kind, item_id)
    );

    CREATE TABLE lead (
      id INTEGER PRIMARY KEY,
      job INTEGER NOT NULL REFERENCES job (ordinal) ON DELETE CASCADE,
      rank INTEGER NOT NULL,
      contactable INTEGER NOT NULL,
      lead TEXT NOT NULL
    );
    CREATE INDEX lead_by_rank ON lead (job, rank);
    CREATE INDEX lead_by_contactable ON lead (job, contactable, rank);

    CREATE TABLE suppressed (
      hash TEXT PRIMARY KEY
    ) WITHOUT ROWID;

    CREATE TABLE first_seen (
      campaign TEXT NOT NULL,
      node_id TEXT NOT NULL,
      at TEXT NOT NULL,
      PRIMARY KEY (campaign, node_id)
    ) WITHOUT ROWID;
  `,
};
