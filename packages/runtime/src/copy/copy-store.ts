import {
  CmoError,
  firstSeenCampaign,
  isTerminalStatus,
  type Job,
  type JobPart,
  type JobSpec,
  type StorePart,
  type TransferHead,
  type TransferRow,
} from "@cmo/engine";
import type { Host } from "../host/host.ts";
import { chooseJobs } from "./choose-jobs.ts";
import { copyJob } from "./copy-job.ts";
import { assertNoneErasedMeanwhile, copyLedger } from "./copy-ledger.ts";
import { type CopiedJob, type CopyProgress, type CopyReport, noRows } from "./copy-report.ts";
import { deleteCopied } from "./delete-copied.ts";
import { pagesOf } from "./pages-of.ts";
import { forgetPause, interrupted, isAtRest, settleJob } from "./settle-job.ts";
import { assertTwoStores, type StoreEnd, storeIdOf } from "./store-end.ts";

/** What is copied, and how. */
export interface CopyStoreOptions {
  readonly from: StoreEnd;
  readonly to: StoreEnd;
  readonly host: Pick<Host, "clock">;
  /** As `Engine.pause`, in the store that is copied from. */
  pause(jobId: string): Promise<Job>;
  /** Only these jobs, and their parents, with what is of them; null for everything. */
  readonly jobIds?: readonly string[] | null;
  /** Pauses jobs that are queued or running; they go into the queue where they are copied to. Else such are refused. */
  readonly pauseJobs?: boolean;
  /** Only counts. */
  readonly dryRun?: boolean;
  /** Takes the jobs out of the store that they were copied from, at the end. */
  readonly deleteSource?: boolean;
  /** See `copyLedger`. */
  readonly erasedInBoth?: boolean;
  readonly signal?: AbortSignal;
  onProgress?(progress: CopyProgress): void;
}

/**
 * Copies what a store keeps into another one: ids, logs to the byte, the order of jobs, the suppression list with its
 * key, and the ledger of erasures. Jobs come one by one, each at once and whole, so that a worker may run there
 * meanwhile. What is there already stays as it is: a copy that was interrupted is run again, and one that is run twice
 * changes nothing. Memory is that of a page and of a line for each job, however much there is.
 *
 * @throws CmoError `usage` for one store under two names; `not_found` for a job that is none; `conflict` for jobs that
 * have not ended (without `pauseJobs`), other suppression keys, people who were erased in one of the stores alone, and
 * two copies at once; `cancelled`; and as the stores.
 */
export async function copyStore(options: CopyStoreOptions): Promise<CopyReport> {
  const { from, to, host, jobIds = null, dryRun = false, onProgress } = options;
  const { signal = new AbortController().signal } = options;
  await assertTwoStores(from, to);
  const { heads, leftOut } = await chooseJobs({ from, to, jobIds, now: host.clock.now() });
  const report = { from: from.name, to: to.name, dryRun, leftOut };
  const rows = noRows();
  if (dryRun) {
    const jobs = await countAll(options, heads, rows);
    return { ...report, jobs, resumed: [], rows, deleted: 0 };
  }
  const open = heads.filter((head) => !isAtRest(head));
  if (open.length > 0 && options.pauseJobs !== true) throw notEnded(open);

  let all = 0;
  let current = 0;
  function counted(part: JobPart | StorePart, count: number): void {
    rows[part] += count;
    all += count;
    onProgress?.({ job: current, jobs: heads.length, jobId: heads[current - 1]?.id ?? null, rows: all });
  }

  // What a copy before has left would stand in the way of another key.
  await to.transfer.drop(null);
  await shareKey(from, to);
  const erasedBefore = await from.transfer.countErased();
  const ledger = await copyLedger({ from, to, erasedInBoth: options.erasedInBoth === true });
  counted("erasure", ledger.rows);
  const { erased } = ledger;

  const settling = { from, host, pause: options.pause, signal };
  // Many at once: each takes as long as its worker needs to let go.
  for (let start = 0; start < open.length; start += pausedAtOnce) {
    const some = open.slice(start, start + pausedAtOnce);
    await Promise.all(some.map(({ id }) => settleJob(id, settling)));
  }

  const isMeant = await selectRows(options, heads);
  for (const part of storeParts) {
    for await (const page of pagesOf(from.transfer, part)) {
      if (signal.aborted) throw interrupted();
      const meant = page.filter((row) => isMeant(part, row));
      await to.transfer.merge(part, meant, erased);
      counted(part, meant.length);
    }
  }

  const jobs: CopiedJob[] = [];
  const resumed: string[] = [];
  const moved = { to: to.name, storeId: await storeIdOf(to) };
  for (const { id } of heads) {
    current += 1;
    for (let copied: CopiedJob | null = null; copied === null; ) {
      if (signal.aborted) throw interrupted();
      const head = await from.transfer.head(id);
      if (head === null) break;
      if (!isAtRest(head) && options.pauseJobs !== true) throw notEnded([head]);
      const queued = !isTerminalStatus(head.status) && (await settleJob(id, settling));
      copied = await copyJob(id, { from, to, queued, moved, erased, signal, onRows: counted });
      if (copied === null) continue;
      jobs.push(copied);
      if (queued) resumed.push(id);
      await forgetPause(from, id);
    }
  }
  await assertNoneErasedMeanwhile({ from, to, before: erasedBefore });
  const deleted =
    options.deleteSource === true
      ? await deleteCopied({
          from,
          to,
          jobIds: [...leftOut.present, ...jobs.map(({ id }) => id)],
          everything: jobIds === null,
        })
      : 0;
  return { ...report, jobs, resumed, rows, deleted };
}

/** One key for both, also where none was made yet: whoever is suppressed later in either can be copied too. */
async function shareKey(from: StoreEnd, to: StoreEnd): Promise<void> {
  const own = await from.transfer.readSuppressionKey();
  const key = own ?? (await to.transfer.readSuppressionKey()) ?? (await from.store.suppressionKey());
  await to.transfer.adoptSuppressionKey(key);
  if (own === null) await from.transfer.adoptSuppressionKey(key);
}

/** Before the jobs: whoever takes the first of them finds what it asks for. */
const storeParts: readonly StorePart[] = [
  "suppressed",
  "first_seen",
  "exported_file",
  "source_note",
  "shared",
];
const pausedAtOnce = 50;
const jobParts: readonly JobPart[] = ["event", "task_result", "lead", "agent_record", "checkpoint"];

/** Of a copy of some jobs: the list of whom to leave alone is always whole. */
async function selectRows(
  { from, jobIds = null }: CopyStoreOptions,
  heads: readonly TransferHead[],
): Promise<(part: StorePart, row: TransferRow) => boolean> {
  if (jobIds === null) return () => true;
  const ids = new Set<unknown>(heads.map(({ id }) => id));
  const campaigns = new Set<unknown>();
  for (const { id } of heads) {
    const job = await from.transfer.job(id);
    if (job === null) continue;
    campaigns.add(firstSeenCampaign(job.tenant, (JSON.parse(job.spec) as JobSpec).name));
  }
  return (part, [first, second]) => {
    switch (part) {
      case "suppressed":
      case "erasure":
        return true;
      case "first_seen":
        return campaigns.has(first);
      case "exported_file":
        return ids.has(second);
      // A source asks anew for what it has no note of.
      case "source_note":
      case "shared":
        return false;
      default:
        return part satisfies never;
    }
  };
}

async function countAll(
  options: CopyStoreOptions,
  heads: readonly TransferHead[],
  rows: ReturnType<typeof noRows>,
): Promise<readonly CopiedJob[]> {
  const { transfer } = options.from;
  const isMeant = await selectRows(options, heads);
  for (const part of ["erasure", ...storeParts] as const) {
    for await (const page of pagesOf(transfer, part)) {
      rows[part] += page.filter((row) => isMeant(part, row)).length;
    }
  }
  const jobs: CopiedJob[] = [];
  for (const { id, place, status } of heads) {
    const before = rows.event;
    for (const part of jobParts) rows[part] += await transfer.count(part, place);
    jobs.push({ id, status, events: rows.event - before, logDigest: null });
  }
  return jobs;
}

function notEnded(heads: readonly TransferHead[]): CmoError {
  const named = heads.slice(0, 5).map(({ id, status }) => `${id} (${status})`);
  const more = heads.length > named.length ? `, and ${heads.length - named.length} more` : "";
  const jobs = heads.length === 1 ? "A job has" : `${heads.length} jobs have`;
  return new CmoError("conflict", `${jobs} not ended: ${named.join(", ")}${more}.`, {
    hint: "Say --pause to pause them, copy them, and go on with them in the other store; or wait until they have ended.",
  });
}
