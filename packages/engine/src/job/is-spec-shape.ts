import * as v from "valibot";
import type { JobSpec } from "../spec/job-spec.ts";

const text = v.string();
const section = v.looseObject({});

/**
 * What is looked at in the spec of a job that nobody works on. Whoever does looks at all of it: a bound that another
 * version has moved keeps nobody from seeing the job.
 */
const specShape = v.looseObject({
  v: v.literal(1),
  name: text,
  goal: text,
  icp: section,
  targetLeads: v.number(),
  asOf: text,
  pushedSince: text,
  source: v.looseObject({ type: text }),
  limits: section,
  retries: v.looseObject({ maxAttempts: v.number() }),
  scoring: section,
  suppress: v.array(v.looseObject({ kind: text, hash: text })),
  purpose: v.nullable(text),
  basis: v.nullable(text),
  retention: v.looseObject({ days: v.number() }),
  dryRun: v.boolean(),
  plan: v.array(text),
  agent: v.looseObject({ name: text, version: text }),
  configVersion: text,
});

/** Whether a stored value is a spec that can be shown. */
export function isSpecShape(value: unknown): value is JobSpec {
  return v.is(specShape, value);
}
