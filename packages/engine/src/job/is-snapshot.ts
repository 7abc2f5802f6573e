import * as v from "valibot";
import type { Snapshot } from "./job.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const status = v.picklist(["queued", "running", "paused", "completed", "failed", "cancelled"]);
const texts = v.array(v.string());
const note = v.looseObject({ code: v.string(), message: v.string() });
const counts = v.record(v.string(), v.number());

const snapshotSchema = v.looseObject({
  seq: count,
  progress: v.looseObject({
    status,
    step: count,
    percent: v.number(),
    stages: v.array(
      v.looseObject({
        id: v.string(),
        state: v.picklist(["pending", "active", "done"]),
        itemsProcessed: v.number(),
        itemsTotal: v.nullable(v.number()),
      }),
    ),
    metrics: counts,
    warnings: texts,
    errors: texts,
  }),
  summary: v.looseObject({
    status: v.nullable(status),
    plan: texts,
    attempts: count,
    counts: v.record(v.string(), v.nullable(v.number())),
    stages: v.array(v.looseObject({ stage: v.string(), counts, drops: counts })),
    quota: counts,
    warnings: v.array(note),
    errors: v.array(note),
    artifacts: v.array(v.looseObject({})),
    versions: v.looseObject({}),
  }),
});

/**
 * Whether a stored value is a snapshot that can be shown and folded on. A later version may have put something beside
 * what is known here.
 */
export function isSnapshot(value: unknown): value is Snapshot {
  return v.is(snapshotSchema, value);
}
