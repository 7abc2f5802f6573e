import type { RunTiming } from "@cmo/view";
import * as v from "valibot";

const timingSchema = v.object({
  setupMs: v.number(),
  stages: v.array(v.object({ id: v.string(), items: v.number(), workMs: v.number(), answers: v.number() })),
  qualified: v.number(),
  pageItems: v.number(),
  points: v.number(),
  answerMs: v.nullable(v.number()),
  workMs: v.number(),
  errors: v.array(v.object({ share: v.number(), logRatio: v.number() })),
}) satisfies v.GenericSchema<unknown, RunTiming>;

const recordSchema = v.object({ jobId: v.string(), timing: v.nullable(timingSchema) });

/** The timing of a job that completed, as it is kept. */
export interface TimingRecord {
  readonly jobId: string;
  /** Null for a run that says nothing of others. */
  readonly timing: RunTiming | null;
}

/** Under which name the timings of a tenant's jobs are kept, apart from everybody else's. */
export function timingsName(tenant: string): string {
  return `run timings 1 ${tenant}`;
}

/** The timings in a text; none of one that cannot be read, as they can be had from the logs again. */
export function readTimings(text: string | null): readonly TimingRecord[] {
  try {
    const read = v.safeParse(v.array(recordSchema), JSON.parse(text ?? "[]"));
    return read.success ? read.output : [];
  } catch {
    return [];
  }
}

/** A timing as it is read again once it was kept: four digits are more than an estimate has. */
export function roundedTiming(timing: RunTiming | null): RunTiming | null {
  const round = (_key: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value;
  return v.parse(v.nullable(timingSchema), JSON.parse(JSON.stringify(timing, round)));
}
