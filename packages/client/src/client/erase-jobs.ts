import { type JobSelection, type JobsErased, jobsErasedSchema } from "@cmo/contract";
import type { ApiCalls } from "../http/api-calls.ts";
import { apiPath, type QueryValue } from "../http/api-path.ts";

/** Erases jobs, or says what would be. Not made again once it may have been done: the answer would be another. */
export async function eraseJobs(
  calls: ApiCalls,
  selection: JobSelection,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<JobsErased> {
  if (!("jobIds" in selection)) return erase(calls, ["jobs"], dryRun, { ...selection });
  const jobIds = [...new Set(selection.jobIds)];
  // The API erases them one by one: nothing is erased before all of them are known to be there.
  if (!dryRun && jobIds.length > 1) for (const jobId of jobIds) await erase(calls, ["jobs", jobId], true);
  let all: JobsErased = { dryRun, jobs: [], held: [], state: null, files: null };
  for (const jobId of jobIds) all = together(all, await erase(calls, ["jobs", jobId], dryRun));
  return all;
}

function erase(
  calls: ApiCalls,
  segments: readonly string[],
  dryRun: boolean,
  query: Readonly<Record<string, QueryValue>> = {},
): Promise<JobsErased> {
  const path = apiPath(segments, { ...query, ...(dryRun ? { dryRun } : {}) });
  return (dryRun ? calls.repeat : calls.once)(path, jobsErasedSchema, { method: "DELETE" });
}

function together(one: JobsErased, other: JobsErased): JobsErased {
  const states = [one.state, other.state];
  return {
    dryRun: one.dryRun,
    jobs: [...one.jobs, ...other.jobs],
    held: [...one.held, ...other.held],
    state: states.includes("pending") ? "pending" : (other.state ?? one.state),
    files:
      one.files === null || other.files === null ? (other.files ?? one.files) : sum(one.files, other.files),
  };
}

type Files = NonNullable<JobsErased["files"]>;

function sum(one: Files, other: Files): Files {
  return {
    rewritten: one.rewritten + other.rewritten,
    removed: one.removed + other.removed,
    missing: one.missing + other.missing,
    failed: one.failed + other.failed,
  };
}
