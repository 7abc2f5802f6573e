import { eventVersion, type JobChange } from "@cmo/engine";
import { changingColumns, changingValues, copyNewJob, nullable, numberOf, textOf } from "@cmo/store-sql";
import type { Session } from "./database.ts";
import { newEvents, storedEvents } from "./event-log.ts";
import type { Written } from "./write-set.ts";

/** A job that is put in, as a change has it, and the config that it was made from. */
export type NewJobRow = NonNullable<JobChange["next"]> & { readonly configText: string | null };

/**
 * Puts in a job with the first events of its log, at a time in milliseconds since the epoch, and the config that it was
 * made from. Null when its id is taken.
 */
export async function insertJob(
  session: Session,
  { job: given, configText, ...log }: NewJobRow,
  now: number,
): Promise<Written | null> {
  const job = copyNewJob(given, now, log.events.length);
  const events = newEvents(0, log, now);
  const row = await session.first(insert, [
    JSON.stringify(job.spec),
    JSON.stringify(job.snapshot),
    events.map(({ type }) => type),
    events.map(({ data }) => data),
    events.map(({ link }) => link),
    configText,
    job.spec.source.type,
    job.id,
    job.tenant,
    job.parentJobId,
    job.createdAt,
    ...changingValues(job),
  ]);
  if (row === null) return null;
  return {
    stored: { ordinal: numberOf(row[0]), revision: 1, job },
    readEvents: () => storedEvents(job.id, events),
  };
}

/** See `Store.readConfigText`; undefined when there is no such job. */
export async function configTextOf(session: Session, jobId: string): Promise<string | null | undefined> {
  const row = await session.first(selectConfigText, [jobId]);
  return row === null ? undefined : nullable(row[0], textOf);
}

/** The job, what is large of it, and its first events, at once: keys are looked after when all of it is there. */
const insert = `WITH made AS (
    INSERT INTO @.job (revision, id, tenant, parent_job_id, created_at, queued_at, ${changingColumns.join(", ")})
    VALUES (1, $8, $9, $10, $11, $11, ${changingColumns.map((_column, index) => `$${index + 12}`).join(", ")})
    ON CONFLICT (id) DO NOTHING RETURNING ordinal, created_at
  ), spec AS (INSERT INTO @.job_spec (job, spec, source, config_text) SELECT ordinal, $1, $7, $6 FROM made),
  snapshot AS (INSERT INTO @.job_snapshot (job, snapshot) SELECT ordinal, $2 FROM made),
  events AS (
    INSERT INTO @.event (job, seq, at, v, type, data, link)
    SELECT ordinal, place, created_at, ${eventVersion}, type, data, link
    FROM made, unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS given (type, data, link, place)
  )
  SELECT ordinal FROM made`;
const selectConfigText =
  "SELECT config_text FROM @.job_spec WHERE job = (SELECT ordinal FROM @.job WHERE id = $1)";
