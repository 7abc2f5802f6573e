import { isTerminalStatus } from "@cmo/engine";
import type { StoreEnd } from "./store-end.ts";

/** What is taken out. */
export interface DeleteCopiedOptions {
  readonly from: StoreEnd;
  readonly to: StoreEnd;
  /** Jobs that are in both stores. */
  readonly jobIds: readonly string[];
  /** Also who was first seen when, and notes of sources. */
  readonly everything: boolean;
}

/**
 * Takes jobs out of the store that they were copied from; gives how many. Files that were exported stay where they are,
 * and are known to the other store now. One that did not come by a copy is left, and one that may still be worked on.
 */
export async function deleteCopied({ from, to, jobIds, everything }: DeleteCopiedOptions): Promise<number> {
  const { store } = from;
  const meant: string[] = [];
  for (const jobId of jobIds) {
    const job = await store.readJob(jobId);
    if (job === null || !(await to.transfer.marks(jobId)).copied) continue;
    if (isTerminalStatus(job.status) || (await from.transfer.marks(jobId)).moved !== null) meant.push(jobId);
  }
  for (let start = 0; start < meant.length; start += jobsAtOnce) {
    const some = meant.slice(start, start + jobsAtOnce);
    // Forgotten first: whoever sees to the files of jobs that are gone would remove them.
    for (const jobId of some) {
      await store.forgetFiles((await store.readFiles(jobId)).map(({ path }) => path));
    }
    await store.eraseJobs(some, "job");
  }
  if (everything) await store.eraseExpired({ firstSeen: null, notes: null });
  await store.finishErasures();
  return meant.length;
}

const jobsAtOnce = 100;
