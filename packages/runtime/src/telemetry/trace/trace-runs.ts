import type { KnownJobEvent } from "@cmo/engine";
import type { RunListener } from "../run-listener.ts";
import { jobSpan } from "./job-span.ts";
import { type OpenRun, openRun, runSpan } from "./open-run.ts";
import type { Span } from "./span.ts";
import { spanIdOf, traceIdOf } from "./span-id.ts";
import { stageOfTool } from "./stage-of-tool.ts";
import { requestSpan, stepSpan } from "./step-span.ts";

/**
 * Makes spans of what this process does with jobs: job → run (one for each time that a process takes it) → stage → step
 * (a tool call) → request. A job has one trace however many processes work on it, and each sends what it did. A span
 * says nothing about people: counts, codes and ids.
 */
export function traceRuns(send: (span: Span) => void, now: () => number): RunListener {
  const runs = new Map<string, OpenRun>();

  function endRun(jobId: string, endedAt: number, outcome: string): void {
    const run = runs.get(jobId);
    runs.delete(jobId);
    if (run === undefined) return;
    for (const stage of run.stages.values()) send(stage.end(endedAt, null));
    send(runSpan(run, endedAt, outcome));
  }

  return {
    onTaken: (job) => void runs.set(job.id, openRun(job)),
    onRequest(entry) {
      const { jobId, callId } = entry;
      if (jobId !== null && callId !== null) runs.get(jobId)?.requests.set(callId, entry);
    },
    onEvent(event, job) {
      const run = runs.get(event.jobId);
      if (run !== undefined) {
        run.lastEventAt = Date.parse(event.at);
        follow(run, event);
      }
      if (event.type === "job.completed" || event.type === "job.failed" || event.type === "job.cancelled") {
        send(jobSpan(event, job));
      }
    },
    onReleased({ id, status, finishedAt }) {
      endRun(id, finishedAt ?? now(), status === "queued" ? "handed_back" : status);
    },
    onLost: (jobId) => endRun(jobId, runs.get(jobId)?.lastEventAt ?? now(), "lost"),
  };

  function follow(run: OpenRun, event: KnownJobEvent): void {
    const at = run.lastEventAt;
    switch (event.type) {
      case "job.started":
      case "job.resumed":
        run.begin(at);
        return;
      case "stage.started":
        run.startStage(event.data.stage, at, false);
        return;
      case "stage.completed": {
        const stage = run.stages.get(event.data.stage);
        run.stages.delete(event.data.stage);
        if (stage !== undefined) send(stage.end(at, event.data));
        return;
      }
      case "tool.completed":
        endStep(run, event, at);
        return;
      case "quota.waiting":
      case "job.retrying":
        run.note(event, at);
        return;
      default:
    }
  }

  function endStep(
    run: OpenRun,
    event: Extract<KnownJobEvent, { type: "tool.completed" }>,
    at: number,
  ): void {
    const { callId, tool, durationMs } = event.data;
    const { jobId } = event;
    const request = run.requests.get(callId);
    run.requests.delete(callId);
    const stageId = stageOfTool(tool, [...run.stages.keys()]);
    const parent = (stageId === null ? undefined : run.stages.get(stageId)) ?? run;
    const endedAt = Math.max(parent.startedAt, request?.endedAt ?? at);
    const step = stepSpan(event.data, {
      traceId: traceIdOf(jobId),
      spanId: spanIdOf(jobId, "call", callId),
      parentSpanId: parent.spanId,
      startedAt: Math.max(parent.startedAt, endedAt - durationMs),
      endedAt,
    });
    send(step);
    if (request !== undefined) send(requestSpan(request, step, spanIdOf(jobId, "request", callId)));
  }
}
