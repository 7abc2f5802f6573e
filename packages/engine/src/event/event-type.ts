/**
 * The types of all events that this version knows, apart from their schemas, so that whoever only folds a log does not
 * load the schemas too. That both name the same types is checked by the compiler (`event-data.ts`).
 */
export const knownEventTypes = [
  "job.queued",
  "job.started",
  "job.paused",
  "job.resumed",
  "job.retrying",
  "job.cancelled",
  "job.failed",
  "job.completed",
  "stage.started",
  "stage.progress",
  "stage.completed",
  "metrics",
  "tool.started",
  "tool.completed",
  "artifact.created",
  "log",
  "quota.updated",
  "quota.waiting",
] as const;

/** The type of a known event. */
export type KnownEventType = (typeof knownEventTypes)[number];

const known: ReadonlySet<string> = new Set(knownEventTypes);

/** Whether a type is known to this version. */
export function isKnownEventType(type: string): type is KnownEventType {
  return known.has(type);
}
