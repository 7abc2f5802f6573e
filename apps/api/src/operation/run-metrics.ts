import { errorCodes, type Job, type KnownJobEvent } from "@cmo/engine";
import type { RunListener } from "@cmo/runtime";
import { createBoundedLabel } from "./bounded-label.ts";
import { Counter, Gauge, Histogram, type Registry } from "./prometheus.ts";
import { createSourceMetrics } from "./source-metrics.ts";

const ends = ["completed", "failed", "cancelled"] as const;

/** The counts of a summary that are told of a job at its end, with the words of a metric. */
const results = [
  ["reposMatched", "repositories_matched"],
  ["reposOpened", "repositories_opened"],
  ["candidates", "candidates"],
  ["profiles", "profiles"],
  ["leads", "leads"],
  ["leadsWithEmail", "leads_with_email"],
  ["contactable", "contactable"],
] as const satisfies readonly (readonly [keyof Job["snapshot"]["summary"]["counts"], string])[];

/**
 * Counts what this process does with jobs, out of the events that it writes; every count is the one that the summary
 * has (`reduceSummary`). Over all processes of a store nothing is counted twice.
 */
export function createRunMetrics(registry: Registry): RunListener {
  const registers = [registry];
  const source = createSourceMetrics(registry);
  const stages = createStageMetrics(registry);
  const submitted = new Counter({
    name: "cmo_jobs_submitted_total",
    help: "Jobs that were put into the queue here.",
    registers,
  });
  const ended = new Counter({
    name: "cmo_jobs_ended_total",
    help: "Jobs that this process brought to their end, by status and error code (none without an error).",
    labelNames: ["status", "code"],
    registers,
  });
  const duration = new Histogram({
    name: "cmo_job_duration_seconds",
    help: "From a job's first start to its end, pauses included.",
    labelNames: ["status"],
    buckets: [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400],
    registers,
  });
  const retried = new Counter({
    name: "cmo_job_retries_total",
    help: "Attempts that failed and were followed by another, by error code.",
    labelNames: ["code"],
    registers,
  });
  const found = new Counter({
    name: "cmo_job_results_total",
    help: "What jobs that ended here had come to, as their summaries count it.",
    labelNames: ["result"],
    registers,
  });
  const running = new Gauge({
    name: "cmo_runs_active",
    help: "Jobs that this process works on now.",
    registers,
  });
  const taken = new Counter({
    name: "cmo_runs_taken_total",
    help: "Times that this process took a job.",
    registers,
  });
  const lost = new Counter({
    name: "cmo_runs_lost_total",
    help: "Jobs that went to another process because this one was silent for longer than its lease.",
    registers,
  });
  for (const status of ends) if (status !== "failed") ended.labels(status, "none").inc(0);
  for (const code of errorCodes) ended.labels("failed", code).inc(0);
  for (const [, result] of results) found.labels(result).inc(0);
  const held = new Set<string>();

  function letGo(jobId: string): void {
    held.delete(jobId);
    running.set(held.size);
    stages.forget(jobId);
  }

  function end(status: (typeof ends)[number], code: string, { startedAt, finishedAt, snapshot }: Job): void {
    ended.labels(status, code).inc();
    if (startedAt !== null && finishedAt !== null)
      duration.labels(status).observe(Math.max(0, finishedAt - startedAt) / 1_000);
    for (const [key, result] of results) found.labels(result).inc(snapshot.summary.counts[key] ?? 0);
  }

  return {
    onTaken({ id }) {
      held.add(id);
      running.set(held.size);
      taken.inc();
    },
    onReleased: ({ id }) => letGo(id),
    onLost(jobId) {
      letGo(jobId);
      lost.inc();
    },
    onEvent(event, job) {
      switch (event.type) {
        case "job.queued":
          submitted.inc();
          return;
        case "job.retrying":
          retried.labels(event.data.error.code).inc();
          return;
        case "job.completed":
          end("completed", "none", job);
          return;
        case "job.cancelled":
          end("cancelled", "none", job);
          return;
        case "job.failed":
          end("failed", event.data.error.code, job);
          return;
        case "stage.started":
        case "stage.completed":
          stages.onEvent(event);
          return;
        case "tool.completed":
        case "quota.updated":
        case "quota.waiting":
          source.onEvent(event, job);
          return;
        default:
      }
    },
  };
}

function createStageMetrics(registry: Registry) {
  const durations = new Histogram({
    name: "cmo_stage_duration_seconds",
    help: "From a stage's start to its end; of stages that began and ended in the same hands.",
    labelNames: ["stage"],
    buckets: [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400],
    registers: [registry],
  });
  const stageLabel = createBoundedLabel();
  /** When stages that have not ended began, by job. */
  const begun = new Map<string, Map<string, number>>();
  return {
    onEvent(event: Extract<KnownJobEvent, { type: "stage.started" | "stage.completed" }>): void {
      const { jobId } = event;
      const { stage } = event.data;
      const ofJob = begun.get(jobId) ?? new Map<string, number>();
      begun.set(jobId, ofJob);
      if (event.type === "stage.started") {
        ofJob.set(stage, Date.parse(event.at));
        return;
      }
      const startedAt = ofJob.get(stage);
      ofJob.delete(stage);
      if (startedAt === undefined) return;
      durations.labels(stageLabel(stage)).observe(Math.max(0, Date.parse(event.at) - startedAt) / 1_000);
    },
    forget: (jobId: string) => void begun.delete(jobId),
  };
}
