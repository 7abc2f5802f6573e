import type { Migration } from "./migration.ts";

/**
 * Whom a job belongs to. Those from before are of `local`, as all are where nobody is told apart.
 *
 * With the status in the middle of its index, a page of one tenant's jobs is as short a walk with a status as without
 * (then one for each), however many jobs the others have.
 */
export const thirdTables: Migration = {
  name: "tenants",
  sql: `
    ALTER TABLE job ADD COLUMN tenant TEXT NOT NULL DEFAULT 'local';
    CREATE INDEX job_by_tenant ON job (tenant, status, ordinal);
  `,
};
