import {
  CmoError,
  type HashStream,
  type JobPart,
  type MovedMark,
  type TransferJob,
  type TransferRow,
} from "@cmo/engine";
import { nodeDigest } from "../host/node-digest.ts";
import type { CopiedJob } from "./copy-report.ts";
import { jobPagesOf } from "./pages-of.ts";
import { interrupted, isAtRest } from "./settle-job.ts";
import type { StoreEnd } from "./store-end.ts";

/** How one job is copied. */
export interface CopyJobOptions {
  readonly from: StoreEnd;
  readonly to: StoreEnd;
  /** Whether it goes into the queue there: the copy has paused it. */
  readonly queued: boolean;
  /** Where it goes, for who asks for it here. */
  readonly moved: MovedMark;
  /** See `StoreTransfer.finish`. */
  readonly erased: number;
  readonly signal: AbortSignal;
  onRows(part: JobPart, count: number): void;
}

/**
 * Copies a job that is at rest: its rows page by page, then a look at whether they arrived as they were sent, then it
 * is held still here, then it is there. A job that changes meanwhile is begun anew. Null when it is not at rest, or
 * gone. @throws CmoError as the two stores; `invariant_violated` when rows arrived otherwise; `cancelled`.
 */
export async function copyJob(jobId: string, options: CopyJobOptions): Promise<CopiedJob | null> {
  const { from, to, queued, moved, erased } = options;
  for (let attempt = 1; ; attempt += 1) {
    const job = await from.transfer.job(jobId);
    if (job === null || !isAtRest(job)) return null;
    const place = await to.transfer.begin(job);
    try {
      const arrived = await copyRows(job, place, options);
      if (await from.transfer.seal(job, isEnded(job) ? null : JSON.stringify(moved))) {
        await to.transfer.finish(place, job, { queued, erased });
        return { id: job.id, status: queued ? "queued" : job.status, ...arrived };
      }
      await to.transfer.drop(place);
    } catch (error) {
      // What is left is not seen by workers, and taken out by the next copy too.
      await to.transfer.drop(place).catch(() => {});
      throw error;
    }
    if (attempt === mostAttempts) {
      throw new CmoError("conflict", `Job ${jobId} was changed each time while it was copied.`, {
        hint: "Run the copy again when nobody erases or resumes it.",
      });
    }
  }
}

async function copyRows(
  job: TransferJob,
  place: number,
  { from, to, signal, onRows }: CopyJobOptions,
): Promise<Pick<CopiedJob, "events" | "logDigest">> {
  let log: Tally | null = null;
  for (const part of jobParts) {
    const sent = createTally();
    for await (const rows of jobPagesOf(from.transfer, part, job.place)) {
      if (signal.aborted) throw interrupted();
      sent.add(rows);
      await to.transfer.add(place, part, rows);
      onRows(part, rows.length);
    }
    const found = createTally();
    for await (const rows of jobPagesOf(to.transfer, part, place)) found.add(rows);
    const [wanted, got] = [sent.end(), found.end()];
    if (wanted.digest !== got.digest || wanted.count !== got.count)
      throw otherwise(job.id, part, wanted, got);
    if (part === "event") log = got;
  }
  return { events: log?.count ?? 0, logDigest: log?.digest ?? null };
}

interface Tally {
  readonly count: number;
  readonly digest: string;
}

function createTally() {
  const hash: HashStream = nodeDigest();
  let count = 0;
  return {
    add(rows: readonly TransferRow[]) {
      count += rows.length;
      for (const row of rows) hash.update(`${JSON.stringify(row)}\n`);
    },
    end: (): Tally => ({ count, digest: hash.digest("hex") }),
  };
}

function isEnded({ status }: TransferJob): boolean {
  return status !== "paused";
}

function otherwise(jobId: string, part: JobPart, wanted: Tally, got: Tally): CmoError {
  return new CmoError(
    "invariant_violated",
    `Job ${jobId} did not arrive as it was sent: ${part}, ${wanted.count} rows sent and ${got.count} found.`,
    { hint: "It was not put in. Run the copy again; please report this if it comes again." },
  );
}

const jobParts: readonly JobPart[] = ["event", "task_result", "lead", "agent_record", "checkpoint"];
const mostAttempts = 3;
