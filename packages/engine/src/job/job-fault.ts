import { readLeniently } from "../config/read-strictly.ts";
import { CmoError } from "../error/cmo-error.ts";
import { jobSpecSchema } from "../spec/job-spec.ts";
import { isSnapshot } from "./is-snapshot.ts";
import { isSpecShape } from "./is-spec-shape.ts";
import type { Job } from "./job.ts";

/**
 * What keeps a stored job from being read: its spec or its snapshot, as parsed JSON (null for what is no JSON), is none
 * that this version could show and go on with. `store_corrupt`, or `job_newer` for a spec of a later form; null: nothing.
 */
export function findReadFault(jobId: string, { spec, snapshot }: StoredFolds): CmoError | null {
  const form = formOf(spec);
  if (form > 1) return newerJob(jobId, `its spec is of form ${form}`);
  if (!isSpecShape(spec)) return corruptJob(jobId, "its spec is damaged");
  if (!isSnapshot(snapshot)) return corruptJob(jobId, "its snapshot is damaged");
  return null;
}

/** What stands beside a job's row. */
export interface StoredFolds {
  readonly spec: unknown;
  readonly snapshot: unknown;
}

/**
 * What keeps a job that can be read from being worked on by this version: its spec says what is not known here
 * (`job_newer`), and to work on it would leave that out of account, or breaks a bound (`store_corrupt`). It may still be
 * shown, controlled and erased. Null: nothing.
 */
export function findClaimFault({ id, spec }: Pick<Job, "id" | "spec">): CmoError | null {
  const { result, unknownKeys } = readLeniently(jobSpecSchema, spec);
  if (!result.ok) {
    // No value is named: a log line has none of what a campaign asks for.
    const places = result.problems.map(({ path }) => path.join("."));
    return corruptJob(id, `its spec is not right at ${places.slice(0, mostNamed).join(", ")}`);
  }
  if (unknownKeys.length === 0) return null;
  return newerJob(id, `its spec says ${unknownKeys.slice(0, mostNamed).join(", ")}`);
}

/** The error of a job whose row is damaged. */
export function corruptJob(jobId: string, what: string, cause?: unknown): CmoError {
  return new CmoError("store_corrupt", `Job ${jobId} cannot be read: ${what}.`, {
    hint: `All others go on. If a later version of cmo made it, use that one; else erase it (cmo purge --job ${jobId}), or restore the store from a backup.`,
    cause,
  });
}

/**
 * The error of something that is kept of a job and that is damaged: `event 7 of its log`. Whoever needs nothing of it
 * does not hear of it.
 */
export function corruptJobPart(jobId: string, what: string, cause?: unknown): CmoError {
  return new CmoError("store_corrupt", `Job ${jobId}: ${what} cannot be read.`, {
    hint: `Restore the store from a backup, or run the campaign again and erase this job: cmo purge --job ${jobId}`,
    cause,
  });
}

function newerJob(jobId: string, what: string): CmoError {
  return new CmoError("job_newer", `Job ${jobId} was made by a later version of cmo: ${what}.`, {
    hint: "This version leaves it alone. A worker of the version that made it takes it; start one, or bring this one up to date.",
  });
}

function formOf(spec: unknown): number {
  if (typeof spec !== "object" || spec === null || !("v" in spec)) return 0;
  return typeof spec.v === "number" && Number.isSafeInteger(spec.v) ? spec.v : 0;
}

/** Places in a spec that a message has room for. */
const mostNamed = 3;
