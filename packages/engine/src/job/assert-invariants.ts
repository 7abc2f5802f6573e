import { CmoError } from "../error/cmo-error.ts";
import { isTerminalEvent } from "../event/job-event.ts";
import type { JobChange, JobWrite } from "../port/job-change.ts";
import type { Job, Snapshot } from "./job.ts";
import { canMove, isTerminalStatus, type JobStatus } from "./job-status.ts";

// What is true of every job at all times, and looked at with every change, in production too: seq = previous + 1; the
// move of the status is legal; done ≤ total; one terminal event, and nothing after it; epochs only grow; the folds in
// the row are those of the whole log. Each function throws `invariant_violated` with what was expected and found.

/** The row of a job as a store gives it, after the one that was seen before, if any. */
export function assertJob(job: Job, before: Job = job): void {
  grown(job, "epoch", before.epoch, job.epoch);
  grown(job, "last seq", before.lastSeq, job.lastSeq);
  assertSnapshot(job, job.snapshot, job.lastSeq, job.status);
}

/** What is about to be written to a job. */
export function assertChange(job: Job, { patch = {}, events = [] }: JobChange): void {
  const { status, epoch, snapshot } = { ...job, ...patch };
  const moves = status !== job.status;
  check(job, !moves || canMove(job.status, status), "status", `a move from ${job.status}`, status);
  grown(job, "epoch", job.epoch, epoch);
  check(job, events.length === 0 || !isTerminalStatus(job.status), "events after the end", 0, events.length);
  const end = moves && isTerminalStatus(status) ? events.length - 1 : -1;
  const found = events.findIndex(isTerminalEvent);
  same(job, "place of the terminal event", end, found);
  assertSnapshot(job, snapshot, job.lastSeq + events.length, status);
}

/** What a store says that it wrote to a job. */
export function assertWritten(before: Job, change: JobChange, { job, events }: JobWrite): void {
  const expected = { ...before, ...change.patch };
  const seqs = (change.events ?? []).map((_event, index) => before.lastSeq + index + 1);
  same(job, "seqs", `${seqs}`, `${events.map((event) => event.seq)}`);
  same(job, "last seq", before.lastSeq + seqs.length, job.lastSeq);
  same(job, "epoch", expected.epoch, job.epoch);
  same(job, "status", expected.status, job.status);
  same(job, "folds", gistOf(expected.snapshot), gistOf(job.snapshot));
}

function assertSnapshot(
  job: Job,
  { seq, progress, summary }: Snapshot,
  lastSeq: number,
  status: JobStatus,
): void {
  same(job, "seq of the folds", lastSeq, seq);
  for (const { id, itemsProcessed: done, itemsTotal } of progress.stages) {
    check(job, done <= (itemsTotal ?? done), `items done in ${id}`, `at most ${itemsTotal}`, done);
  }
  // Between attempts the row is queued while its folds still say running; the end is the same in all three.
  for (const fold of [progress, summary]) same(job, "end in the folds", endOf(status), endOf(fold.status));
}

function endOf(status: JobStatus | null): string {
  return status !== null && isTerminalStatus(status) ? status : "no end";
}

/** What cheaply tells folds of one log from those of another. */
function gistOf({ seq, progress, summary }: Snapshot): string {
  const { stages, artifacts, warnings, errors, quota } = summary;
  const sizes = [stages, artifacts, warnings, errors].map((list) => list.length);
  return `${[seq, progress.step, progress.percent, ...sizes, quota.requests, quota.points]}`;
}

function same(job: Job, what: string, expected: string | number, found: string | number): void {
  check(job, expected === found, what, expected, found);
}

function grown(job: Job, what: string, least: number, found: number): void {
  check(job, found >= least, what, `at least ${least}`, found);
}

function check(
  job: Job,
  holds: boolean,
  what: string,
  expected: string | number,
  found: string | number,
): void {
  if (holds) return;
  throw new CmoError("invariant_violated", `Job ${job.id}, ${what}: expected ${expected}, found ${found}.`, {
    hint: "Nothing more is written to the job. Please report this, with the job's log.",
  });
}
