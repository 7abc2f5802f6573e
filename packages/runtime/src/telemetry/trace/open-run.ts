import type { Job, KnownJobEvent } from "@cmo/engine";
import type { RequestLogEntry } from "@cmo/github";
import type { Span } from "./span.ts";
import { spanIdOf, traceIdOf } from "./span-id.ts";
import { type OpenStage, openStage } from "./stage-span.ts";

/** A job in this process's hands. */
export interface OpenRun {
  readonly spanId: string;
  readonly job: Pick<Job, "id" | "epoch" | "attempt">;
  /** Of the claim's event, once it is heard. */
  startedAt: number;
  lastEventAt: number;
  /** Stages that have not ended, in the order of their starts. */
  readonly stages: Map<string, OpenStage>;
  /** Requests that have ended and whose calls have not, by call. */
  readonly requests: Map<string, RequestLogEntry>;
  readonly notes: NonNullable<Span["events"]>[number][];
  /** The claim's event: the run begins, in the middle of the stages that were open. */
  begin(at: number): void;
  startStage(stage: string, at: number, isResumed: boolean): void;
  /** Something to see beside the stages. */
  note(event: Extract<KnownJobEvent, { type: "quota.waiting" | "job.retrying" }>, at: number): void;
}

/** A run may wait for its quota all day. */
const maxNotes = 128;

/** The run that begins with a claim. */
export function openRun(job: Job): OpenRun {
  const { id, epoch, attempt, startedAt, snapshot } = job;
  const spanId = spanIdOf(id, "run", epoch);
  const run: OpenRun = {
    spanId,
    job: { id, epoch, attempt },
    startedAt: startedAt ?? job.createdAt,
    lastEventAt: startedAt ?? job.createdAt,
    stages: new Map(),
    requests: new Map(),
    notes: [],
    begin(at) {
      run.startedAt = at;
      for (const stage of snapshot.progress.stages) {
        if (stage.state === "active") run.startStage(stage.id, at, true);
      }
    },
    startStage(stage, at, isResumed) {
      run.stages.set(
        stage,
        openStage({ job: run.job, parentSpanId: spanId, stage, startedAt: at, isResumed }),
      );
    },
    note(event, at) {
      if (run.notes.length >= maxNotes) return;
      const attributes =
        event.type === "quota.waiting"
          ? {
              "cmo.quota.resource": event.data.resource,
              "cmo.quota.reason": event.data.reason,
              "cmo.quota.until": event.data.until,
            }
          : { "error.type": event.data.error.code, "cmo.retry.delay_ms": event.data.delayMs };
      run.notes.push({ name: event.type, at, attributes });
    },
  };
  return run;
}

/** A run that is over. `outcome` is the job's status afterwards, `handed_back`, or `lost`. */
export function runSpan(run: OpenRun, endedAt: number, outcome: string): Span {
  const { id, epoch, attempt } = run.job;
  return {
    traceId: traceIdOf(id),
    spanId: run.spanId,
    parentSpanId: spanIdOf(id, "job"),
    name: "run",
    kind: "internal",
    startedAt: run.startedAt,
    endedAt,
    attributes: {
      "cmo.job.id": id,
      "cmo.run.epoch": epoch,
      "cmo.run.attempt": attempt,
      "cmo.run.outcome": outcome,
    },
    isError: outcome === "failed" || outcome === "lost",
    events: run.notes,
  };
}
