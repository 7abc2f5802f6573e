import type { EventData, SourceCall } from "@cmo/engine";

/** A call that belongs to no job: it keeps the last quota that it heard of. */
export interface DoctorCall extends SourceCall {
  quota(): EventData<"quota.updated"> | null;
}

/** A {@link DoctorCall} that a signal stops; a limited token is not waited for. */
export function createDoctorCall(signal: AbortSignal): DoctorCall {
  const stop = new AbortController();
  let quota: EventData<"quota.updated"> | null = null;
  return {
    signal: AbortSignal.any([signal, stop.signal]),
    startTool: () => ({ complete: () => {} }),
    recall: async () => new Map(),
    emit(event) {
      if (event.type === "quota.updated") quota = event.data;
      if (event.type === "quota.waiting") stop.abort();
    },
    quota: () => quota,
  };
}
