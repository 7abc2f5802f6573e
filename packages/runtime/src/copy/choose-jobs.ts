import { CmoError, isTerminalStatus, type MovedMark, type TransferHead } from "@cmo/engine";
import type { LeftOut } from "./copy-report.ts";
import { type StoreEnd, storeIdOf } from "./store-end.ts";

/** Which jobs are copied, the oldest first, and which are not. */
export interface ChosenJobs {
  readonly heads: readonly TransferHead[];
  readonly leftOut: LeftOut;
}

/** What decides it. */
export interface ChooseJobsOptions {
  readonly from: StoreEnd;
  readonly to: StoreEnd;
  /** With their parents; null for all. */
  readonly jobIds: readonly string[] | null;
  /** In milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Chooses what is copied: what is not there, was not erased there, and is to be kept.
 * @throws CmoError `not_found` for a job that is none; `conflict` for one that was moved to a third store and may be
 * worked on there.
 */
export async function chooseJobs({ from, to, jobIds, now }: ChooseJobsOptions): Promise<ChosenJobs> {
  const heads: TransferHead[] = [];
  const leftOut = { present: [] as string[], erased: [] as string[], expired: [] as string[] };
  for (const head of jobIds === null ? await allHeads(from) : await headsOf(from, jobIds)) {
    if ((await to.transfer.head(head.id)) !== null) leftOut.present.push(head.id);
    else if ((await to.transfer.marks(head.id)).copied) leftOut.erased.push(head.id);
    else if (head.keepUntil < now) leftOut.expired.push(head.id);
    else {
      await assertNotElsewhere(from, to, head);
      heads.push(head);
    }
  }
  return { heads, leftOut };
}

async function allHeads({ transfer }: StoreEnd): Promise<readonly TransferHead[]> {
  const heads: TransferHead[] = [];
  for (let after = 0; ; ) {
    const page = await transfer.heads(after, pageSize);
    heads.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return heads;
    after = last.place;
  }
}

async function headsOf(
  { transfer, name }: StoreEnd,
  jobIds: readonly string[],
): Promise<readonly TransferHead[]> {
  const found = new Map<string, TransferHead>();
  for (const jobId of jobIds) {
    let head = await transfer.head(jobId);
    if (head === null) throw new CmoError("not_found", `There is no job ${jobId} in ${name}.`);
    // A job reads the results of its parents.
    while (head !== null && !found.has(head.id)) {
      found.set(head.id, head);
      head = head.parentJobId === null ? null : await transfer.head(head.parentJobId);
    }
  }
  return [...found.values()].sort((one, other) => one.place - other.place);
}

async function assertNotElsewhere(from: StoreEnd, to: StoreEnd, head: TransferHead): Promise<void> {
  if (isTerminalStatus(head.status)) return;
  const { moved } = await from.transfer.marks(head.id);
  if (moved === null) return;
  const mark = JSON.parse(moved) as MovedMark;
  if (mark.storeId === (await storeIdOf(to))) return;
  throw new CmoError("conflict", `Job ${head.id} was moved to ${mark.to}, and may be worked on there.`, {
    hint: "Nothing was copied. Copy it from there; or name the jobs that are to be copied with --job.",
  });
}

const pageSize = 1_000;
