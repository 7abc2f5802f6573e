import type { Job, KnownJobEvent } from "@cmo/engine";
import type { RequestLogEntry } from "@cmo/github";
import type { Log } from "./log.ts";
import type { RunListener } from "./run-listener.ts";

/**
 * A line for each job that this process takes, lets go of, or brings to its end; at `debug`, one for each request of
 * the source too. Every line has the job's id, and none its name or what it asks for.
 */
export function logRuns(log: Log): RunListener {
  return {
    onTaken({ id, tenant, attempt, epoch }) {
      log.info("job taken", { jobId: id, tenant, attempt, epoch });
    },
    onEvent(event, job) {
      logEnd(log, event, job);
    },
    onReleased({ id, tenant, status, epoch }) {
      log.info("job released", { jobId: id, tenant, status, epoch });
    },
    onLost(jobId) {
      log.warn("job lost to another worker: this one was silent for longer than its lease", { jobId });
    },
    onPassedOver(jobId, { code, message, hint }) {
      log.warn("job left alone: this version cannot work on it", { jobId, code, error: message, hint });
    },
    ...(log.level === "debug" ? { onRequest: (entry) => logRequest(log, entry) } : {}),
  };
}

function logRequest(log: Log, { requestId, endedAt: _endedAt, ...entry }: RequestLogEntry): void {
  log.debug("source request", { ...entry, sourceRequestId: requestId });
}

function logEnd(log: Log, event: KnownJobEvent, { tenant, startedAt, finishedAt, snapshot }: Job): void {
  const { jobId } = event;
  const { leads, contactable } = snapshot.summary.counts;
  const ms = finishedAt === null || startedAt === null ? null : finishedAt - startedAt;
  switch (event.type) {
    case "job.queued":
      log.info("job queued", { jobId, tenant });
      return;
    case "job.retrying": {
      const { attempt, delayMs, error } = event.data;
      log.warn("job attempt failed", {
        jobId,
        tenant,
        attempt,
        delayMs,
        code: error.code,
        error: error.message,
      });
      return;
    }
    case "job.failed": {
      const { code, message } = event.data.error;
      log.warn("job ended", {
        jobId,
        tenant,
        status: "failed",
        code,
        error: message,
        ms,
        leads,
        contactable,
      });
      return;
    }
    case "job.completed":
    case "job.cancelled":
      log.info("job ended", {
        jobId,
        tenant,
        status: event.type === "job.completed" ? "completed" : "cancelled",
        ms,
        leads,
        contactable,
      });
      return;
    default:
  }
}
