import type { Job } from "../job/job.ts";
import { releaseChange } from "../job/job-changes.ts";
import type { PersonIdentity } from "../port/agent.ts";
import type { Digest } from "../port/digest.ts";
import type { JobChange } from "../port/job-change.ts";
import type { StoredRow } from "../port/stored-people.ts";
import { pseudonymFor } from "../suppression/pseudonym.ts";
import { letGoEnd } from "../worker/run-outcome.ts";
import { findPerson, searchTexts } from "./find-person.ts";
import { type PeopleParts, peopleOf } from "./people-parts.ts";
import { readPersonKey } from "./person-key.ts";
import { createPersonRows } from "./person-rows.ts";
import { type FileOptions, noteStaleFiles, nothing } from "./stale-files.ts";
import { suppressionOf } from "./suppressed-by.ts";
import { type TenantOptions, tenantOf } from "./tenant-rows.ts";

/** What an erase came to. */
export interface PersonErasure {
  /** Whether anything was held about them. */
  readonly found: boolean;
  /** Everything that they were known by. */
  readonly identity: PersonIdentity;
  /** How many rows said something of them. */
  readonly rows: number;
  /** The jobs whose rows were changed. */
  readonly jobs: readonly string[];
  /** How many new entries keep them out from now on; 0 when that was not wanted. */
  readonly suppressed: number;
  /** Pending: out of reach of every program, but perhaps still in the store's files, until nobody reads them. */
  readonly state: "done" | "pending";
}

/** How a person is erased. */
export interface ErasePersonOptions extends FileOptions, TenantOptions {
  /** Whether they go on the suppression list. Default true. */
  readonly suppress?: boolean;
}

/**
 * Erases a person, named by login or `id:NODE_ID`: puts them on the suppression list, so that nobody finds them again;
 * takes them out of everything that is stored, in one transaction; and has every job that has not ended begin again
 * from what is stored then. Files are the caller's, in `seeToFiles`: the jobs that they are of are noted (`staleFiles`)
 * before anything is erased. May be called again after a crash. With a tenant, only what belongs to it is erased, and only
 * its jobs begin again; notes of sources are nobody's, and go as well. The suppression list is everybody's.
 * @throws CmoError `usage` for what names nobody, and for an agent that cannot tell.
 */
export async function erasePerson(
  parts: PeopleParts,
  person: string,
  { suppress = true, seeToFiles = nothing, tenant }: ErasePersonOptions = {},
): Promise<PersonErasure> {
  const { store, agent, digest } = parts;
  const people = peopleOf(agent);
  const isMeant = (row: StoredRow) => tenant === undefined || (tenantOf(row) ?? tenant) === tenant;
  const { identity, rows } = await findPerson(store, people, readPersonKey(person), isMeant);
  const entries = suppress ? await suppressionOf(parts, identity) : [];
  await store.addSuppressed(entries);

  // A worker may have asked for them before they were suppressed, and store the answer a moment from now.
  const ofTenant = tenant === undefined ? {} : { tenant };
  const isWorkedOn = (await store.listJobs({ ...ofTenant, status: ["running"], limit: 1 })).length > 0;
  if (rows.length === 0 && !isWorkedOn) {
    return { found: false, identity, rows: 0, jobs: [], suppressed: entries.length, state: "done" };
  }
  await noteStaleFiles(store, jobsOf(rows.map(({ jobId }) => jobId)));
  const key = await store.suppressionKey();
  const { without } = createPersonRows(people, identity, (id) => pseudonymFor(digest, key, id));
  const shownNames = identity.belongings.flatMap(({ shownName }) => shownName ?? []);
  const texts = searchTexts({ ...identity, logins: [...identity.logins, ...shownNames] });
  const jobs = await store.eraseRows(
    texts,
    (row) => (isMeant(row) ? without(row) : undefined),
    (job, now) => ((tenant ?? job.tenant) === job.tenant ? forgetInProgress(job, now, digest) : {}),
  );
  // What was written since it was looked for was erased too.
  await noteStaleFiles(store, jobs);
  await seeToFiles();
  const state = await store.finishErasures();
  // That somebody's job has made a note is nothing that a tenant should learn.
  const own = tenant === undefined ? rows : rows.filter((row) => tenantOf(row) !== null);
  const found = own.length > 0 || jobs.length > 0;
  return { found, identity, rows: own.length, jobs, suppressed: entries.length, state };
}

/** A worker that holds the job has in mind who was erased: it is sent away, and whoever is next begins anew. */
function forgetInProgress(job: Job, now: number, digest: Digest): JobChange {
  if (job.status !== "running") return { checkpoint: null };
  const { drafts, patch } = letGoEnd(job);
  return { ...releaseChange(job, now, digest, drafts, patch), checkpoint: null };
}

function jobsOf(jobIds: readonly (string | null)[]): readonly string[] {
  return [...new Set(jobIds.filter((jobId) => jobId !== null))];
}
