import { isReadable, type Job, type Store } from "@cmo/engine";
import {
  type EstimateGrounds,
  estimateErrorsOf,
  estimateGroundsOf,
  type RunTiming,
  runTimingOf,
} from "@cmo/view";
import { foldEstimate } from "./fold-estimate.ts";
import { runKindOf } from "./run-kind.ts";
import { readTimings, roundedTiming, type TimingRecord, timingsName } from "./timing-record.ts";

/** So many earlier runs are learnt from, the last ones. */
const mostRuns = 12;
/** Among so many of the tenant's newest jobs that completed. */
const mostJobs = 100;
/** Timings are kept of so many. */
const mostRecords = 60;
/** At one ask, timings are taken of logs with so many events together; of the rest at the next. Of a longer one, none is. */
const mostEvents = 200_000;

/**
 * What the tenant's earlier runs of the same kind say of a job: of those that had ended when it started, so that it is
 * the same whenever, and in whichever process, that is asked. A log is read once, for its timing; that is kept.
 */
export async function groundsFor(store: Store, job: Job, now: number): Promise<EstimateGrounds | null> {
  const kind = runKindOf(job);
  const listed = await store.listJobs({ tenant: job.tenant, status: ["completed"], limit: mostJobs });
  const completed = listed.filter(isReadable);
  const before = earlierRuns(completed, job.startedAt ?? now).filter((other) => runKindOf(other) === kind);
  const runs = before.slice(0, mostRuns);
  const records = await recordsOf(store, job.tenant, runs, completed);
  return groundsFrom(records, runs, job);
}

/** Those that had ended by then, the last first. */
function earlierRuns(jobs: readonly Job[], by: number): Job[] {
  return jobs
    .filter(({ spec, finishedAt }) => !spec.dryRun && finishedAt !== null && finishedAt <= by)
    .sort((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0));
}

function groundsFrom(
  records: ReadonlyMap<string, RunTiming | null>,
  runs: readonly Job[],
  job: Job,
): EstimateGrounds | null {
  const timings = runs.flatMap(({ id }) => records.get(id) ?? []);
  const { maxRepos, maxRequests, maxPoints, timeoutMinutes } = job.spec.limits;
  return estimateGroundsOf(timings, {
    mostItems: maxRepos,
    mostRequests: maxRequests,
    mostPoints: maxPoints,
    timeoutMs: timeoutMinutes === null ? null : timeoutMinutes * 60_000,
  });
}

async function recordsOf(
  store: Store,
  tenant: string,
  runs: readonly Job[],
  completed: readonly Job[],
): Promise<ReadonlyMap<string, RunTiming | null>> {
  const name = timingsName(tenant);
  const records = mapOf(readTimings(await store.readShared(name)));
  const taken: TimingRecord[] = [];
  let events = 0;
  // The first one first: how far off an estimate was can be told of a run that had others before it.
  for (const run of runs.toReversed()) {
    if (records.has(run.id) || events + run.lastSeq > mostEvents) continue;
    events += run.lastSeq;
    const before = earlierRuns(runs, run.startedAt ?? 0);
    const { state } = await foldEstimate(store, run, groundsFrom(records, before, run));
    const timing = roundedTiming(runTimingOf(state.pace, state.progress, estimateErrorsOf(state)));
    records.set(run.id, timing);
    taken.push({ jobId: run.id, timing });
  }
  if (taken.length > 0) {
    const there = new Set(completed.map(({ id }) => id));
    // Where they cannot be kept, they are taken anew at the next ask: whoever looks at a job changes nothing of it.
    await keep(store, name, taken, there).catch(() => undefined);
  }
  return records;
}

/** Timings of jobs that were erased go with the next one that is kept. */
async function keep(
  store: Store,
  name: string,
  taken: readonly TimingRecord[],
  there: ReadonlySet<string>,
): Promise<void> {
  await store.updateShared(name, (text) => {
    const all = mapOf([...readTimings(text), ...taken]);
    const records = [...all].filter(([jobId]) => there.has(jobId)).slice(-mostRecords);
    return JSON.stringify(records.map(([jobId, timing]) => ({ jobId, timing })));
  });
}

function mapOf(records: readonly TimingRecord[]): Map<string, RunTiming | null> {
  return new Map(records.map(({ jobId, timing }) => [jobId, timing]));
}
