import type { Migration } from "./migration.ts";

/**
 * Whom a campaign exported, and by which runs. `exported_as` is the campaign as whose run a job ended, under the name
 * that stands in `first_seen`; `exported_at` is when the run ended that exported somebody first.
 *
 * What is known of the runs before: those that completed are runs of their campaigns, and their leads who may be
 * contacted were exported. Campaigns of `local` are kept under their name, others under a line feed and a list of tenant
 * and name. Node ids are taken from the text: PostgreSQL reads no JSON in which any text has a zero character. A spec that
 * cannot be read costs that job only, which is the run of no campaign. What a worker of the version before ends while a fleet is rolled over is the run of no campaign.
 */
export const campaignExports: Migration = {
  name: "exports of campaigns",
  compatibleFrom: 1,
  sql: `
    ALTER TABLE @.job ADD COLUMN exported_as text COLLATE "C";
    CREATE FUNCTION @.json_or_null(given text) RETURNS json LANGUAGE plpgsql IMMUTABLE AS $$
      BEGIN RETURN given::json; EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$;
    UPDATE @.job SET exported_as = CASE
        WHEN job.tenant = 'local' AND left(spec.name, 1) <> chr(10) THEN spec.name
        ELSE chr(10) || '[' || to_json(job.tenant)::text || ',' || to_json(spec.name)::text || ']' END
      FROM (SELECT job, read ->> 'name' AS name, read ->> 'dryRun' AS dry_run
        FROM @.job_spec, @.json_or_null(spec) AS read) AS spec
      WHERE spec.job = job.ordinal AND job.status = 'completed' AND spec.dry_run = 'false';
    DROP FUNCTION @.json_or_null(text);
    CREATE INDEX job_by_export ON @.job (exported_as, finished_at, ordinal) WHERE exported_as IS NOT NULL;

    ALTER TABLE @.first_seen ADD COLUMN exported_at bigint;
    INSERT INTO @.first_seen (campaign, node_id, at, keep_until, exported_at)
      SELECT job.exported_as, substring(lead.lead FROM '"nodeId":"([^"\\\\]+)"'),
        to_char(to_timestamp(min(job.started_at) / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        max(job.keep_until), min(job.finished_at)
      FROM @.job JOIN @.lead ON lead.job = job.ordinal
      WHERE job.exported_as IS NOT NULL AND job.finished_at IS NOT NULL AND job.started_at IS NOT NULL
        AND lead.contactable = 1 AND lead.lead ~ '"nodeId":"[^"\\\\]+"'
      GROUP BY 1, 2
      ON CONFLICT (campaign, node_id) DO UPDATE SET exported_at = excluded.exported_at,
        keep_until = greatest(first_seen.keep_until, excluded.keep_until);
  `,
};
