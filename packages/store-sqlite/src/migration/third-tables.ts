import type { Migration } from "./migration.ts";

/**
 * Whom a job belongs to. Those from before are of `local`, as all are where nobody is told apart.
 *
 * With the status in the middle of its index, a page of one tenant's jobs is as short a walk with a status as without
 * (then one for each), however many jobs the others have.
 *
 * `waiting_since` is the time from which a worker could have taken the job. It stands in the index of the queue, so that
 * how many wait, and for how long, is read from there. For older jobs it counts from when they were made.
 */
export const thirdTables: Migration = {
  name: "tenants, waiting time",
  sql: `
    ALTER TABLE job ADD COLUMN tenant TEXT NOT NULL DEFAULT 'local';
    CREATE INDEX job_by_tenant ON job (tenant, status, ordinal);

    ALTER TABLE job ADD COLUMN queued_at INTEGER NOT NULL DEFAULT 0;
    UPDATE job SET queued_at = created_at;
    ALTER TABLE job ADD COLUMN waiting_since INTEGER GENERATED ALWAYS AS (
      CASE status WHEN 'queued' THEN max(queued_at, not_before) WHEN 'running' THEN coalesce(lease_until, queued_at) END
    ) VIRTUAL;
    DROP INDEX job_queue;
    CREATE INDEX job_queue ON job (priority DESC, ordinal, claimable_at, waiting_since) WHERE claimable_at IS NOT NULL;
  `,
};
