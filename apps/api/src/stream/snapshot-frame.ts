import type { JobSnapshot } from "@cmo/contract";
import type { Job } from "@cmo/engine";
import type { StreamForm } from "../operation/api-meter.ts";

/** How a job stands, as a stream says it. */
export function snapshotFrame(job: Job, form: StreamForm): Buffer {
  const snapshot: JobSnapshot = {
    type: "snapshot",
    jobId: job.id,
    name: job.spec.name,
    lastSeq: job.lastSeq,
    progress: job.snapshot.progress,
  };
  const text = JSON.stringify(snapshot);
  return Buffer.from(form === "sse" ? `data: ${text}\n\n` : `${text}\n`);
}
