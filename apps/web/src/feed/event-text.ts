import { asKnownEvent, cleanText, type JobEvent, type KnownJobEvent } from "@cmo/engine";
import { clockText, countText, durationText, wordsOf } from "../text/format.ts";

/** An event in a line of words. What is not known is told by its type. */
export function eventText(event: JobEvent): string {
  const known = asKnownEvent(event);
  return known === null ? wordsOf(event.type) : cleanText(textOf(known));
}

/** How much an event matters: errors and warnings stand out. */
export function eventLevel(event: JobEvent): "info" | "warning" | "error" {
  const known = asKnownEvent(event);
  if (known === null) return "info";
  switch (known.type) {
    case "job.failed":
      return "error";
    case "job.retrying":
    case "job.cancelled":
    case "quota.waiting":
      return "warning";
    case "tool.completed":
      return known.data.ok ? "info" : "warning";
    case "log":
      return known.data.level;
    default:
      return "info";
  }
}

function textOf(event: KnownJobEvent): string {
  switch (event.type) {
    case "job.queued":
      return `Queued: ${event.data.goal}`;
    case "job.started":
      return event.data.attempt > 1 ? `Started, attempt ${event.data.attempt}` : "Started";
    case "job.paused":
      return "Paused";
    case "job.resumed":
      return "Resumed";
    case "job.retrying":
      return `${event.data.error.message} Tried again in ${durationText(event.data.delayMs)}`;
    case "job.cancelled":
      return event.data.partial ? "Cancelled, with what was found so far" : "Cancelled";
    case "job.failed":
      return `Failed: ${event.data.error.message}`;
    case "job.completed":
      return event.data.targetMet === false ? "Completed, with fewer leads than wanted" : "Completed";
    case "stage.started":
      return `${event.data.stage} started`;
    case "stage.progress":
      return `${event.data.stage}: ${countText(event.data.itemsProcessed)}${ofTotal(event.data.itemsTotal)}${item(event.data.currentItem)}`;
    case "stage.completed":
      return `${event.data.stage} completed${listOf(event.data.counts)}`;
    case "metrics":
      return `counts${listOf(event.data.metrics)}`;
    case "tool.started":
      return `${event.data.tool} …`;
    case "tool.completed":
      return toolText(event.data);
    case "artifact.created":
      return `${event.data.name}, ${countText(event.data.rows)} rows`;
    case "log":
      return event.data.message;
    case "quota.updated":
      return `${event.data.resource}: ${countText(event.data.remaining)} of ${countText(event.data.limit)} left`;
    case "quota.waiting":
      return `waiting until ${clockText(event.data.until)}: ${event.data.reason}`;
    default:
      return event satisfies never;
  }
}

function toolText({
  tool,
  ok,
  cached,
  durationMs,
  error,
}: Extract<KnownJobEvent, { type: "tool.completed" }>["data"]): string {
  if (!ok) return `${tool} failed: ${error ?? "no reason given"}`;
  return cached ? `${tool}, from the cache` : `${tool}, ${countText(Math.round(durationMs))} ms`;
}

function ofTotal(total: number | null): string {
  return total === null ? "" : ` of ${countText(total)}`;
}

function item(name: string | null): string {
  return name === null ? "" : `, ${name}`;
}

function listOf(counts: Readonly<Record<string, number>> | undefined): string {
  const parts = Object.entries(counts ?? {}).map(([key, count]) => `${wordsOf(key)} ${countText(count)}`);
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}
