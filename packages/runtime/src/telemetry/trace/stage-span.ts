import type { EventData, Job } from "@cmo/engine";
import type { Span } from "./span.ts";
import { spanIdOf, traceIdOf } from "./span-id.ts";

/** A stage that has begun in a run. */
export interface OpenStage {
  readonly spanId: string;
  readonly startedAt: number;
  /** Its span; `outcome` is null for a stage that the run left unfinished. */
  end(endedAt: number, outcome: EventData<"stage.completed"> | null): Span;
}

/** Opens the part of a stage that happens in one run. */
export function openStage(options: {
  readonly job: Pick<Job, "id" | "epoch">;
  readonly parentSpanId: string;
  readonly stage: string;
  readonly startedAt: number;
  /** Whether an earlier run has begun it. */
  readonly isResumed: boolean;
}): OpenStage {
  const { job, parentSpanId, stage, startedAt, isResumed } = options;
  const spanId = spanIdOf(job.id, "stage", job.epoch, stage);
  return {
    spanId,
    startedAt,
    end: (endedAt, outcome) => ({
      traceId: traceIdOf(job.id),
      spanId,
      parentSpanId,
      name: `stage ${stage}`,
      kind: "internal",
      startedAt,
      endedAt,
      attributes: {
        "cmo.job.id": job.id,
        "cmo.stage": stage,
        "cmo.stage.resumed": isResumed,
        "cmo.stage.completed": outcome !== null,
        ...named("cmo.count.", outcome?.counts),
        ...named("cmo.drop.", outcome?.drops),
      },
      isError: false,
    }),
  };
}

function named(prefix: string, counts: Readonly<Record<string, number>> = {}): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${prefix}${name}`, count]));
}
