import {
  eraseEverything,
  eraseJobs,
  eraseOlderThan,
  erasePerson,
  type JobErasure,
  type PeopleParts,
  type PersonErasure,
  type TenantOptions,
} from "@cmo/engine";
import { nodeDigest } from "../host/node-digest.ts";
import type { Runtime } from "../runtime/create-runtime.ts";
import { cronCalendar } from "../schedule/cron-calendar.ts";
import { type RefreshedFile, refreshFiles } from "./refresh-files.ts";

/** What is needed to erase. */
export type PurgeRuntime = Pick<Runtime, "engine" | "store" | "agent" | "host">;

/** What became of the files that were written from what was erased. */
export interface PurgedFiles {
  readonly files: readonly RefreshedFile[];
}

/** See `erasePerson` of the engine; the files that held them are written anew. The same errors. */
export function purgePerson(
  runtime: PurgeRuntime,
  person: string,
  options: { suppress?: boolean } & TenantOptions = {},
): Promise<PersonErasure & PurgedFiles> {
  return withOwnFiles(runtime, options, (files) =>
    erasePerson(peopleParts(runtime), person, { ...options, ...files }),
  );
}

/** See `eraseJobs` of the engine; their files are removed. The same errors. */
export function purgeJobs(
  runtime: PurgeRuntime,
  jobIds: readonly string[],
): Promise<JobErasure & PurgedFiles> {
  return withFiles(runtime, (files) => eraseJobs(peopleParts(runtime), jobIds, files));
}

/** See `eraseOlderThan` of the engine; the files of these jobs are removed. */
export function purgeOlderThan(
  runtime: PurgeRuntime,
  before: number,
  options: TenantOptions = {},
): Promise<JobErasure & PurgedFiles> {
  return withOwnFiles(runtime, options, (files) =>
    eraseOlderThan(peopleParts(runtime), before, { ...options, ...files }),
  );
}

/** See `eraseEverything` of the engine; all files are removed whose paths are known. The same errors. */
export function purgeEverything(
  runtime: PurgeRuntime,
  options: TenantOptions = {},
): Promise<JobErasure & PurgedFiles> {
  return withOwnFiles(runtime, options, (files) =>
    eraseEverything(peopleParts(runtime), { ...options, ...files }),
  );
}

/** Gives what an erase came to, with what became of the files that it had seen to. */
export async function withFiles<T>(
  runtime: Pick<PurgeRuntime, "engine" | "store">,
  erase: (options: { seeToFiles: () => Promise<void> }) => Promise<T>,
): Promise<T & PurgedFiles> {
  let files: readonly RefreshedFile[] = [];
  const seeToFiles = async () => {
    files = await refreshFiles(runtime);
  };
  const erasure = await erase({ seeToFiles });
  return { ...erasure, files };
}

/** As {@link withFiles}. A tenant does not hear of files of others that were seen to on this occasion. */
async function withOwnFiles<T extends { readonly jobs: readonly string[] }>(
  runtime: Pick<PurgeRuntime, "engine" | "store">,
  { tenant }: TenantOptions,
  erase: (options: { seeToFiles: () => Promise<void> }) => Promise<T>,
): Promise<T & PurgedFiles> {
  const erasure = await withFiles(runtime, erase);
  if (tenant === undefined) return erasure;
  return { ...erasure, files: erasure.files.filter(({ jobId }) => erasure.jobs.includes(jobId)) };
}

/** A runtime as the engine's functions about people want it. */
export function peopleParts({ store, agent, host }: Omit<PurgeRuntime, "engine">): PeopleParts {
  return { store, agent, clock: host.clock, digest: nodeDigest, calendar: cronCalendar };
}
