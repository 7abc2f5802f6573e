import { canonicalLog, type JobEvent } from "@cmo/engine";

/** The canonical log of events that are read one after the other; only those that it is made of are kept in mind. */
export async function canonicalLogOf(events: AsyncIterable<JobEvent>): Promise<string[]> {
  const kept: JobEvent[] = [];
  for await (const event of events) if (!passing.has(event.type)) kept.push(event);
  return canonicalLog(kept);
}

/** Most of a log, and nothing of the canonical one. */
const passing: ReadonlySet<string> = new Set([
  "stage.progress",
  "metrics",
  "tool.started",
  "tool.completed",
  "quota.updated",
  "quota.waiting",
]);
