import type { Job, KnownJobEvent } from "@cmo/engine";
import type { Span } from "./span.ts";
import { spanIdOf, traceIdOf } from "./span-id.ts";

/** The whole of a job, from when it was put into the queue, by the event that ended it. */
export function jobSpan(
  event: Extract<KnownJobEvent, { type: "job.completed" | "job.failed" | "job.cancelled" }>,
  { id, attempt, epoch, createdAt, startedAt, parentJobId, snapshot, spec }: Job,
): Span {
  const { counts, quota } = snapshot.summary;
  return {
    traceId: traceIdOf(id),
    spanId: spanIdOf(id, "job"),
    parentSpanId: null,
    name: "job",
    kind: "internal",
    startedAt: createdAt,
    endedAt: Date.parse(event.at),
    attributes: {
      "cmo.job.id": id,
      "cmo.job.status": event.type.slice("job.".length),
      "cmo.job.attempts": attempt,
      "cmo.job.runs": epoch,
      "cmo.job.queued_ms": startedAt === null ? null : startedAt - createdAt,
      "cmo.source": spec.source.type,
      "cmo.source.requests": quota.requests,
      "cmo.source.points": quota.points,
      "cmo.cache_hits": quota.cacheHits,
      "cmo.count.candidates": counts.candidates,
      "cmo.count.profiles": counts.profiles,
      "cmo.count.leads": counts.leads,
      "cmo.count.contactable": counts.contactable,
      "error.type": event.type === "job.failed" ? event.data.error.code : null,
    },
    isError: event.type === "job.failed",
    links:
      parentJobId === null ? [] : [{ traceId: traceIdOf(parentJobId), spanId: spanIdOf(parentJobId, "job") }],
  };
}
