import type { SuppressionEntry } from "../config/suppress-entry.ts";
import type { PersonIdentity } from "../port/agent.ts";
import type { ExportedPath, StoredRow } from "../port/stored-people.ts";
import { findPerson } from "./find-person.ts";
import { ownedCampaign } from "./first-seen-campaign.ts";
import { type PeopleParts, peopleOf } from "./people-parts.ts";
import { readPersonKey } from "./person-key.ts";
import { createPersonRows } from "./person-rows.ts";
import { suppressedBy } from "./suppressed-by.ts";
import { type TenantOptions, tenantOf } from "./tenant-rows.ts";

/** One thing that is held about a person, and where it came from. */
export interface PersonRecord {
  readonly table: StoredRow["table"];
  /** Null for what belongs to no job. */
  readonly jobId: string | null;
  /** The kind of a task, the type of an event, or the campaign of who was first seen. */
  readonly kind: string;
  readonly key: string;
  /** ISO instant at which the source was asked; null for what was not read from it. */
  readonly fetchedAt: string | null;
  /** The part of it that is about the person. JSON. */
  readonly about: unknown;
}

/** Everything that is held about a person. */
export interface PersonReport {
  /** Everything that they are known by. A login that was asked for is in it, found or not. */
  readonly identity: PersonIdentity;
  readonly records: readonly PersonRecord[];
  /** Files of the jobs that have them as a lead, as far as their paths are noted. */
  readonly files: readonly ExportedPath[];
  /** The entries of the suppression list that keep them out. */
  readonly suppressedBy: readonly SuppressionEntry[];
}

/**
 * What a store holds about a person, named by login or `id:NODE_ID`, and where it came from. Changes nothing. With a
 * tenant, only what belongs to it: nothing of another's is looked at, and nothing of notes, which are nobody's.
 * @throws CmoError `usage` for what names nobody, and for an agent that cannot tell.
 */
export async function showPerson(
  parts: PeopleParts,
  person: string,
  { tenant }: TenantOptions = {},
): Promise<PersonReport> {
  const people = peopleOf(parts.agent);
  const isMeant = (row: StoredRow) => tenant === undefined || tenantOf(row) === tenant;
  const { identity, rows } = await findPerson(parts.store, people, readPersonKey(person), isMeant);
  const { about } = createPersonRows(people, identity, (id) => id);
  const records = rows.map((row): PersonRecord => {
    const { table, jobId, kind, key, fetchedAt } = row;
    return {
      table,
      jobId,
      kind: table === "first_seen" ? ownedCampaign(kind).name : kind,
      key,
      fetchedAt: fetchedAt === null ? null : new Date(fetchedAt).toISOString(),
      about: about(row),
    };
  });
  const jobs = new Set(
    rows.flatMap(({ table, jobId }) => (table === "lead" && jobId !== null ? [jobId] : [])),
  );
  const files: ExportedPath[] = [];
  for (const jobId of jobs) files.push(...(await parts.store.readFiles(jobId)));
  return { identity, records, files, suppressedBy: await suppressedBy(parts, identity) };
}
