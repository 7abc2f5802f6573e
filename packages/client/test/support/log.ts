import { encodeJobEvent, type JobEvent } from "@cmo/engine";
import { buildLog, queuedDraft } from "@cmo/engine/testing";

/** The job whose log {@link logOf} makes. */
export const jobId = "job_test";

/** A log of so many events, with letters of one to four bytes, that ends with `job.completed`. */
export function logOf(length: number): JobEvent[] {
  const drafts = Array.from({ length: length - 2 }, (_, index) =>
    index % 2 === 0
      ? { type: "log", data: { level: "info", code: "note", message: `é € 😀 ${index}` } }
      : {
          type: "tool.started",
          data: { callId: `call_${index}`, tool: "search", inputDigest: "0".repeat(64) },
        },
  );
  return buildLog([queuedDraft, ...drafts, { type: "job.completed", data: { targetMet: true } }]);
}

/** The events as a stream gives them. */
export function linesOf(events: readonly JobEvent[]): string {
  return events.map((event) => `${encodeJobEvent(event)}\n`).join("");
}

/** The query's `after`. */
export function afterOf(path: string): number {
  return Number(new URL(path, "http://cmo.test").searchParams.get("after"));
}
