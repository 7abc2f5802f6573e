import type { RecordedAnswer } from "@cmo/bundle";
import type { Store, TaskResult } from "@cmo/engine";

/** Small: what is read ahead of each job of a line stays in memory. */
const pageSize = 200;

/** A job and those whose answers it sees. */
export interface Lineage {
  /** The job, then those that it is another attempt at or a fork of, the nearest first, as far as they are still there. */
  readonly jobs: readonly string[];
  /** The next of them, which was erased, and with it what came of it before; null when all are there. */
  readonly erased: string | null;
}

/** The {@link Lineage} of a job. */
export async function readLineage(store: Store, jobId: string): Promise<Lineage> {
  const jobs: string[] = [];
  for (let next: string | null = jobId; next !== null && !jobs.includes(next); ) {
    const job = await store.readJob(next);
    if (job === null) return { jobs, erased: next };
    jobs.push(next);
    next = job.parentJobId;
  }
  return { jobs, erased: null };
}

/**
 * Every answer that a job sees, by kind and item, each from the nearest job of its line that has one; in memory that does
 * not grow with them.
 */
export async function* readRecording(
  store: Store,
  line: readonly string[],
): AsyncGenerator<RecordedAnswer, void, undefined> {
  const heads = await Promise.all(
    line.map(async (jobId) => {
      const results = resultsOf(store, jobId);
      return { results, next: await results.next() };
    }),
  );
  for (;;) {
    let nearest: { readonly job: number; readonly result: TaskResult } | null = null;
    for (const [job, { next }] of heads.entries()) {
      if (!next.done && (nearest === null || compare(next.value, nearest.result) < 0)) {
        nearest = { job, result: next.value };
      }
    }
    if (nearest === null) return;
    const { job, result } = nearest;
    for (const head of heads) {
      if (!head.next.done && compare(head.next.value, result) === 0) head.next = await head.results.next();
    }
    const { kind, itemId, inputDigest, fetchedAt = 0, value } = result;
    yield { kind, item: itemId, input: inputDigest, fetchedAt, job, value: JSON.parse(value) };
  }
}

async function* resultsOf(store: Store, jobId: string): AsyncGenerator<TaskResult, void, undefined> {
  for (let after: TaskResult | null = null; ; ) {
    const page: readonly TaskResult[] = await store.scanTaskResults(jobId, after, pageSize);
    yield* page;
    after = page.at(-1) ?? null;
    if (page.length < pageSize) return;
  }
}

/** By code points, as the store gives them. */
function compare(one: TaskResult, other: TaskResult): number {
  return compareText(one.kind, other.kind) || compareText(one.itemId, other.itemId);
}

function compareText(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one, "utf8"), Buffer.from(other, "utf8"));
}
