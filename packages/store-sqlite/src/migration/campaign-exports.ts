import type { Migration } from "./migration.ts";

/**
 * Whom a campaign exported, and by which runs. `exported_as` is the campaign as whose run a job ended, under the name
 * that stands in `first_seen`; `exported_at` is when the run ended that exported somebody first.
 *
 * What is known of the runs before: those that completed are runs of their campaigns, and their leads who may be
 * contacted were exported. Campaigns of `local` are kept under their name, others under a line feed and a list of tenant
 * and name.
 */
export const campaignExports: Migration = {
  name: "exports of campaigns",
  sql: `
    ALTER TABLE job ADD COLUMN exported_as TEXT;
    UPDATE job SET exported_as = (
      SELECT CASE WHEN tenant = 'local' AND substr(name, 1, 1) <> char(10) THEN name
        ELSE char(10) || json_array(tenant, name) END
      FROM (SELECT json_extract(spec, '$.name') AS name, json_extract(spec, '$.dryRun') AS dry_run
        FROM job_spec WHERE job = ordinal AND json_valid(spec))
      WHERE dry_run = 0
    ) WHERE status = 'completed';
    CREATE INDEX job_by_export ON job (exported_as, finished_at, ordinal) WHERE exported_as IS NOT NULL;

    ALTER TABLE first_seen ADD COLUMN exported_at INTEGER;
    INSERT INTO first_seen (campaign, node_id, at, keep_until, exported_at)
      SELECT exported_as, node_id, strftime('%Y-%m-%dT%H:%M:%fZ', min(started_at) / 1000.0, 'unixepoch'),
        max(keep_until), min(finished_at)
      FROM (SELECT job.*, json_extract(lead, '$.nodeId') AS node_id FROM job JOIN lead ON lead.job = ordinal
        WHERE exported_as IS NOT NULL AND finished_at IS NOT NULL AND contactable = 1 AND json_valid(lead))
      WHERE node_id IS NOT NULL AND started_at IS NOT NULL
      GROUP BY exported_as, node_id
      ON CONFLICT DO UPDATE SET exported_at = excluded.exported_at,
        keep_until = max(first_seen.keep_until, excluded.keep_until);
  `,
};
