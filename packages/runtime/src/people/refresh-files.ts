import { access, rm } from "node:fs/promises";
import {
  CmoError,
  type Engine,
  type ExportedPath,
  isReadable,
  type ListedJob,
  type Store,
  settleStaleFiles,
  staleFiles,
  toCmoError,
} from "@cmo/engine";
import { removeTemporaryFiles, renderSummaryJson, writeFileAtomically } from "@cmo/exporters";
import { renderLeads } from "../export/render-leads.ts";

/** What became of a file that was written from what has been erased since. */
export interface RefreshedFile {
  /** The job that it is of. */
  readonly jobId: string;
  /** Absolute. */
  readonly path: string;
  /** `missing`: it was not there any more. */
  readonly outcome: "rewritten" | "removed" | "missing" | "failed";
  /** Why it failed; null for the others. */
  readonly error: CmoError | null;
}

/**
 * Sees to the files of jobs of which something was erased: those of a job that is gone are removed, and bundles that hold
 * its answers; the others are written anew from what is stored. What crashed writers left beside them is removed. A file that cannot be written
 * stays noted, so that the next call tries again. Never throws for a single file.
 */
export async function refreshFiles({
  engine,
  store,
}: {
  engine: Pick<Engine, "summary" | "leads">;
  store: Store;
}): Promise<readonly RefreshedFile[]> {
  const files: RefreshedFile[] = [];
  for (const stale of await staleFiles(store)) {
    const { jobId, paths } = stale;
    const isGone = (await store.readListedJob(jobId)) === null;
    const done: RefreshedFile[] = [];
    for (const file of [...(await store.readFiles(jobId)), ...(await bundlesOver(store, jobId))]) {
      if (paths === null || paths.includes(file.path)) done.push(await refresh(file, isGone, engine));
    }
    const settled = done.filter(({ outcome }) => outcome === "removed" || outcome === "missing");
    await store.forgetFiles(settled.map(({ path }) => path));
    const failed = done.filter(({ outcome }) => outcome === "failed");
    await settleStaleFiles(
      store,
      stale,
      failed.map(({ path }) => path),
    );
    files.push(...done);
  }
  return files;
}

/** The format under which a run bundle is noted. */
export const bundleFileFormat = "bundle";

/** The bundles of other jobs that hold answers of this one: of its forks and further attempts, and of theirs. */
async function bundlesOver(store: Store, jobId: string): Promise<readonly ExportedPath[]> {
  const found: ExportedPath[] = [];
  for (const file of await store.readFiles(null)) {
    if (file.format !== bundleFileFormat || file.jobId === jobId) continue;
    if (await isMadeFrom(store, file.jobId, jobId)) found.push(file);
  }
  return found;
}

/** Whether a job has another one among those before it, of which the nearest that is erased still has a name. */
async function isMadeFrom(store: Store, jobId: string, otherId: string): Promise<boolean> {
  const seen = new Set<string>();
  for (let next: string | null = jobId; next !== null && !seen.has(next); ) {
    if (next === otherId) return true;
    seen.add(next);
    const job: ListedJob | null = await store.readListedJob(next);
    next = job !== null && isReadable(job) ? job.parentJobId : null;
  }
  return false;
}

async function refresh(
  file: ExportedPath,
  isGone: boolean,
  engine: Pick<Engine, "summary" | "leads">,
): Promise<RefreshedFile> {
  const { jobId, path } = file;
  try {
    await removeTemporaryFiles(path);
    if (!(await isThere(path))) return { jobId, path, outcome: "missing", error: null };
    // A bundle was made for a purpose of its own; who still needs it makes another, without whoever was erased.
    const isRemoved = isGone || file.format === bundleFileFormat;
    if (isRemoved) await rm(path);
    else await writeFileAtomically(path, render(file, engine));
    return { jobId, path, outcome: isRemoved ? "removed" : "rewritten", error: null };
  } catch (error) {
    return { jobId, path, outcome: "failed", error: failure(error, path) };
  }
}

async function* render(
  { jobId, format }: ExportedPath,
  engine: Pick<Engine, "summary" | "leads">,
): AsyncGenerator<string> {
  if (format === "summary") yield renderSummaryJson(await engine.summary(jobId));
  else yield* renderLeads({ engine, jobId, format });
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return false;
      throw error;
    },
  );
}

function failure(thrown: unknown, path: string): CmoError {
  const error = toCmoError(thrown);
  if (error.code === "export_failed") return error;
  return new CmoError("export_failed", `${path} could not be seen to: ${error.message}`, { cause: thrown });
}
