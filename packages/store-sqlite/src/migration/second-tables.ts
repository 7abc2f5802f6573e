import type { Migration } from "./migration.ts";

/**
 * Erasing and retention, the cache of task results, the working memory of agents, notes of sources, and leads that can
 * be sorted and searched.
 *
 * `lead_key` holds what leads are selected and ordered by, small rows one after the other for each job, so that a page
 * in any order is a walk along a few megabytes instead of through all the JSON. Its texts have ASCII letters in lower
 * case; without that they sort by the bytes of their UTF-8, which is the order of their code points.
 *
 * Records of an agent stand in the order in which they were written, and only their keys in that of the keys, which are
 * as good as random: a third of the time that a table in the order of the keys takes.
 *
 * What older rows do not say: a job is kept as long as its spec says, from its end; a task result was given when its
 * job was made; who was first seen is kept as long as the job that is kept longest; a suppression is taken for a login
 * and for as old as the store, since its hash says neither.
 */
export const secondTables: Migration = {
  name: "erasing, source cache, agent memory, lead order",
  sql: `
    ALTER TABLE job ADD COLUMN keep_until INTEGER NOT NULL DEFAULT 0;
    UPDATE job SET keep_until = coalesce(finished_at, created_at) + 86400000 * coalesce(
      (SELECT json_extract(spec, '$.retention.days') FROM job_spec WHERE job = ordinal AND json_valid(spec)), 90);
    CREATE INDEX job_by_keep_until ON job (keep_until);

    ALTER TABLE task_result ADD COLUMN cache_key TEXT;
    ALTER TABLE task_result ADD COLUMN fetched_at INTEGER NOT NULL DEFAULT 0;
    UPDATE task_result SET fetched_at = (SELECT created_at FROM job WHERE ordinal = task_result.job);
    CREATE INDEX task_result_by_cache_key ON task_result (cache_key, fetched_at) WHERE cache_key IS NOT NULL;

    CREATE TABLE lead_key (
      job INTEGER NOT NULL REFERENCES job (ordinal) ON DELETE CASCADE,
      rank NUMERIC NOT NULL,
      lead INTEGER NOT NULL,
      contactable INTEGER NOT NULL,
      score NUMERIC,
      score_fit NUMERIC,
      score_activity NUMERIC,
      score_reachability NUMERIC,
      followers NUMERIC,
      commits NUMERIC,
      last_active_at TEXT,
      login TEXT,
      name TEXT,
      company TEXT,
      location TEXT,
      email TEXT,
      bio TEXT,
      PRIMARY KEY (job, rank, lead)
    ) WITHOUT ROWID;
    INSERT INTO lead_key
      SELECT job, rank, id, contactable, json_extract(json, '$.score'), json_extract(json, '$.scoreFit'),
        json_extract(json, '$.scoreActivity'), json_extract(json, '$.scoreReachability'),
        json_extract(json, '$.followers'), json_extract(json, '$.commits'),
        lower(json_extract(json, '$.lastActiveAt')), lower(json_extract(json, '$.login')),
        lower(json_extract(json, '$.name')), lower(json_extract(json, '$.company')),
        lower(json_extract(json, '$.location')), lower(json_extract(json, '$.email')),
        lower(json_extract(json, '$.bio'))
      FROM (SELECT *, CASE WHEN json_valid(lead) THEN lead ELSE '{}' END AS json FROM lead)
      ORDER BY job, rank, id;

    CREATE TABLE agent_record (
      id INTEGER PRIMARY KEY,
      job INTEGER NOT NULL REFERENCES job (ordinal) ON DELETE CASCADE,
      collection TEXT NOT NULL,
      key TEXT NOT NULL,
      value TEXT NOT NULL,
      UNIQUE (job, collection, key)
    );
    CREATE TABLE checkpoint (
      job INTEGER PRIMARY KEY REFERENCES job (ordinal) ON DELETE CASCADE,
      state TEXT NOT NULL
    );

    CREATE TABLE source_note (
      key TEXT PRIMARY KEY,
      at INTEGER NOT NULL,
      value TEXT NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE shared (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) WITHOUT ROWID;

    ALTER TABLE suppressed ADD COLUMN kind TEXT NOT NULL DEFAULT 'login';
    ALTER TABLE suppressed ADD COLUMN added_at INTEGER NOT NULL DEFAULT 0;
    UPDATE suppressed SET added_at = (SELECT min(applied_at) FROM migration);

    ALTER TABLE first_seen ADD COLUMN keep_until INTEGER NOT NULL DEFAULT 0;
    UPDATE first_seen SET keep_until = max(
      coalesce(unixepoch(at), 0) * 1000 + 90 * 86400000, coalesce((SELECT max(keep_until) FROM job), 0));

    CREATE TABLE exported_file (
      path TEXT PRIMARY KEY,
      job_id TEXT NOT NULL,
      format TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX exported_file_by_job ON exported_file (job_id);

    CREATE TABLE erasure (
      id INTEGER PRIMARY KEY,
      scope TEXT NOT NULL,
      at INTEGER NOT NULL,
      state TEXT NOT NULL,
      mark INTEGER NOT NULL
    );
  `,
};
