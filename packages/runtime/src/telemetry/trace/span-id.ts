import { createHash } from "node:crypto";

/**
 * The id of a job's trace. It follows from the job's, so that every process that works on the job knows it, and a person
 * who has one finds the other.
 */
export function traceIdOf(jobId: string): string {
  return digest(["trace", jobId]).slice(0, 32);
}

/** The id of a span, by what it is of: the job, a run (its epoch), a stage of a run, a tool call, its request. */
export function spanIdOf(jobId: string, ...place: readonly (string | number)[]): string {
  return digest(["span", jobId, ...place]).slice(0, 16);
}

function digest(parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
