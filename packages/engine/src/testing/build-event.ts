import type { EventDraft } from "../event/event-draft.ts";
import { eventVersion, type JobEvent } from "../event/job-event.ts";

/**
 * An event for tests. Of a known type with its data, or, for one from the future, with any `type` and `data`; the
 * envelope has defaults.
 */
export function buildEvent(
  draft: EventDraft | { readonly type: string; readonly data: Readonly<Record<string, unknown>> },
  envelope: Partial<Omit<JobEvent, "type" | "data">> = {},
): JobEvent {
  return {
    v: eventVersion,
    jobId: "job_test",
    seq: 1,
    at: "2030-01-01T00:00:00.000Z",
    ...envelope,
    type: draft.type,
    data: draft.data,
  };
}

/** The events of one job's log, numbered from 1, one second apart. */
export function buildLog(drafts: readonly Parameters<typeof buildEvent>[0][]): JobEvent[] {
  const start = Date.parse("2030-01-01T00:00:00.000Z");
  return drafts.map((draft, index) =>
    buildEvent(draft, { seq: index + 1, at: new Date(start + index * 1_000).toISOString() }),
  );
}
