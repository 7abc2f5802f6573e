import type { Store } from "../port/store.ts";
import { listOf, objectOf, parseStored } from "./stored-value.ts";

/** What an erase leaves to its caller. */
export interface FileOptions {
  /**
   * Sees to the files that are noted ({@link staleFiles}). Called when everything is erased and before the erase is
   * noted as finished.
   */
  readonly seeToFiles?: () => Promise<unknown>;
}

/** Files of a job that hold what was erased, or was about to be. */
export interface StaleFiles {
  readonly jobId: string;
  /** Which of them; null for all. */
  readonly paths: readonly string[] | null;
  /** Another one each time that they are noted. */
  readonly mark: number;
}

/** Sees to no files. */
export async function nothing(): Promise<void> {}

/**
 * Notes jobs whose files hold what is about to be erased. Written before an erase begins, so that whoever opens the
 * store after a crash in the middle of it knows which files to see to. Holds ids of jobs and paths, and nothing else.
 */
export async function noteStaleFiles(store: Store, jobIds: readonly string[]): Promise<void> {
  if (jobIds.length === 0) return;
  await store.updateShared(sharedName, (text) => {
    const before = read(text);
    const noted = jobIds.map((jobId): StaleFiles => {
      const mark = before.find((one) => one.jobId === jobId)?.mark ?? 0;
      return { jobId, paths: null, mark: mark + 1 };
    });
    return JSON.stringify([...before.filter(({ jobId }) => !jobIds.includes(jobId)), ...noted]);
  });
}

/** The files that are to be seen to. A single look at an index when there are none. */
export async function staleFiles(store: Store): Promise<readonly StaleFiles[]> {
  return read(await store.readShared(sharedName));
}

/**
 * These files have been seen to, but for those that could not be. Nothing changes when they were noted anew in the
 * meantime: what was read for them may be from before that.
 */
export async function settleStaleFiles(
  store: Store,
  { jobId, mark }: StaleFiles,
  left: readonly string[],
): Promise<void> {
  await store.updateShared(sharedName, (text) => {
    const after = read(text).flatMap((one) => {
      if (one.jobId !== jobId || one.mark !== mark) return one;
      return left.length === 0 ? [] : { ...one, paths: left };
    });
    return after.length === 0 ? null : JSON.stringify(after);
  });
}

const sharedName = "stale-files";

function read(text: string | null): readonly StaleFiles[] {
  return listOf(text === null ? null : parseStored(text)).flatMap((value) => {
    const noted = objectOf(value);
    if (typeof noted?.jobId !== "string" || typeof noted.mark !== "number") return [];
    const paths = listOf(noted.paths).filter((path) => typeof path === "string");
    return { jobId: noted.jobId, mark: noted.mark, paths: noted.paths === null ? null : paths };
  });
}
