import type { EventDraft } from "./event-draft.ts";
import { eventVersion, type JobEvent } from "./job-event.ts";

/** Drafts as the events that they become at the end of a job's log, which is at `lastSeq`. */
export function numberDrafts(
  { id, lastSeq }: { readonly id: string; readonly lastSeq: number },
  drafts: readonly EventDraft[],
  now: number,
): JobEvent[] {
  const at = new Date(now).toISOString();
  return drafts.map(({ type, data }, index) => ({
    v: eventVersion,
    jobId: id,
    seq: lastSeq + index + 1,
    at,
    type,
    data,
  }));
}
