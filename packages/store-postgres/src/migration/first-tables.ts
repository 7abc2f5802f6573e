import type { Migration } from "./migration.ts";

/**
 * Everything that a store keeps.
 *
 * A job is known to the other tables by `ordinal`, which puts jobs in the order in which they were made. Its row is small
 * and changes often; spec and snapshot, which are large, stand in tables of their own, so that a heartbeat does not write
 * them anew. `claimable_at` is the time from which a worker may take the job, `waiting_since` the time from which it
 * could have: both stand in the index of the queue, which holds only jobs that somebody may take some time.
 *
 * `source` is the type of the spec's source: its jobs share a quota, and not too many are to be worked on at once.
 *
 * JSON is text: what is stored is given back as the very text. Texts are ordered by the bytes of their UTF-8
 * (`COLLATE "C"`), which is the order of their code points. What leads are selected and ordered by stands beside them, in
 * small columns, so that sorting reads no JSON.
 *
 * `event` refers to no job: a look at the job for every event is a tenth of what appending costs, and who erases a job
 * takes its log out by its key. Tables are written as `@.job`: the schema is put in for the `@` (see `openDatabase`).
 */
export const firstTables: Migration = {
  name: "first tables",
  sql: `
    CREATE TABLE @.setting (
      name text COLLATE "C" PRIMARY KEY,
      value text NOT NULL
    );

    CREATE TABLE @.job (
      ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text COLLATE "C" NOT NULL UNIQUE,
      revision bigint NOT NULL,
      tenant text COLLATE "C" NOT NULL,
      parent_job_id text COLLATE "C",
      created_at bigint NOT NULL,
      queued_at bigint NOT NULL,
      status text COLLATE "C" NOT NULL,
      desired text,
      priority integer NOT NULL,
      not_before bigint NOT NULL,
      attempt integer NOT NULL,
      attempt_open smallint NOT NULL,
      started_at bigint,
      finished_at bigint,
      error text,
      last_seq bigint NOT NULL,
      epoch bigint NOT NULL,
      lease_owner text,
      lease_until bigint,
      keep_until bigint NOT NULL,
      claimable_at bigint GENERATED ALWAYS AS (
        CASE status WHEN 'queued' THEN not_before WHEN 'running' THEN coalesce(lease_until, 0) END
      ) STORED,
      waiting_since bigint GENERATED ALWAYS AS (
        CASE status WHEN 'queued' THEN greatest(queued_at, not_before)
          WHEN 'running' THEN coalesce(lease_until, queued_at) END
      ) STORED
    ) WITH (fillfactor = 80);
    CREATE INDEX job_queue ON @.job (priority DESC, ordinal) INCLUDE (claimable_at, waiting_since)
      WHERE claimable_at IS NOT NULL;
    CREATE INDEX job_by_status ON @.job (status, ordinal);
    CREATE INDEX job_by_tenant ON @.job (tenant, status, ordinal);
    CREATE INDEX job_by_keep_until ON @.job (keep_until);

    CREATE TABLE @.job_spec (
      job bigint PRIMARY KEY REFERENCES @.job (ordinal) ON DELETE CASCADE,
      spec text NOT NULL,
      source text NOT NULL
    );
    CREATE TABLE @.job_snapshot (
      job bigint PRIMARY KEY REFERENCES @.job (ordinal) ON DELETE CASCADE,
      snapshot text NOT NULL
    ) WITH (fillfactor = 70);

    CREATE TABLE @.event (
      job bigint NOT NULL,
      seq bigint NOT NULL,
      at bigint NOT NULL,
      v integer NOT NULL,
      type text COLLATE "C" NOT NULL,
      data text COLLATE "C" NOT NULL,
      PRIMARY KEY (job, seq)
    );

    CREATE TABLE @.task_result (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      job bigint NOT NULL REFERENCES @.job (ordinal) ON DELETE CASCADE,
      kind text COLLATE "C" NOT NULL,
      item_id text COLLATE "C" NOT NULL,
      input_digest text NOT NULL,
      value text COLLATE "C" NOT NULL,
      cache_key text COLLATE "C",
      fetched_at bigint NOT NULL,
      UNIQUE (job, kind, item_id)
    );
    CREATE INDEX task_result_by_cache_key ON @.task_result (cache_key, fetched_at, id) WHERE cache_key IS NOT NULL;

    CREATE TABLE @.lead (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      job bigint NOT NULL REFERENCES @.job (ordinal) ON DELETE CASCADE,
      rank double precision NOT NULL,
      contactable smallint NOT NULL,
      score double precision,
      score_fit double precision,
      score_activity double precision,
      score_reachability double precision,
      followers double precision,
      commits double precision,
      last_active_at text COLLATE "C",
      login text COLLATE "C",
      name text COLLATE "C",
      company text COLLATE "C",
      location text COLLATE "C",
      email text COLLATE "C",
      bio text COLLATE "C",
      lead text COLLATE "C" NOT NULL
    );
    CREATE INDEX lead_by_rank ON @.lead (job, rank, id);
    CREATE INDEX lead_by_contactable ON @.lead (job, contactable, rank, id);

    CREATE TABLE @.checkpoint (
      job bigint PRIMARY KEY REFERENCES @.job (ordinal) ON DELETE CASCADE,
      state text NOT NULL
    );
    CREATE TABLE @.agent_record (
      job bigint NOT NULL REFERENCES @.job (ordinal) ON DELETE CASCADE,
      collection text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      value text NOT NULL,
      PRIMARY KEY (job, collection, key)
    );

    CREATE TABLE @.source_note (
      key text COLLATE "C" PRIMARY KEY,
      at bigint NOT NULL,
      value text COLLATE "C" NOT NULL
    );
    CREATE TABLE @.shared (
      name text COLLATE "C" PRIMARY KEY,
      value text
    );
    CREATE TABLE @.suppressed (
      hash text COLLATE "C" PRIMARY KEY,
      kind text NOT NULL,
      added_at bigint NOT NULL
    );
    CREATE TABLE @.first_seen (
      campaign text COLLATE "C" NOT NULL,
      node_id text COLLATE "C" NOT NULL,
      at text COLLATE "C" NOT NULL,
      keep_until bigint NOT NULL,
      PRIMARY KEY (campaign, node_id)
    );
    CREATE TABLE @.exported_file (
      path text COLLATE "C" PRIMARY KEY,
      job_id text COLLATE "C" NOT NULL,
      format text NOT NULL
    );
    CREATE INDEX exported_file_by_job ON @.exported_file (job_id);
    CREATE TABLE @.erasure (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      scope text NOT NULL,
      at bigint NOT NULL,
      state text NOT NULL
    );
  `,
};
