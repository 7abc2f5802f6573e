import type { RecordedAnswer } from "@cmo/bundle";
import type { Engine, JobSpec, Store, TaskResult } from "@cmo/engine";
import { isOfImaginaryDomain } from "./recorded-sources.ts";
import type { RecordedAnswers } from "./replaying-agent.ts";

/** A recording that was read to its end. */
export interface KeptRecording extends RecordedAnswers {
  /** The name of the source that was asked. */
  readonly sourceId: string;
  /** Whether imaginary domains were answered for, as those of a stand-in are. */
  readonly hasImaginaryDomains: boolean;
}

/** Where a recording is kept. */
export interface KeepRecordingOptions {
  readonly store: Store;
  readonly engine: Engine;
  /** The spec of the run that it is of. */
  readonly spec: JobSpec;
  /** The id of the job that holds it. */
  readonly jobId: string;
}

/** Puts a recording into a store, as the answers of a job that nobody works on; of two about one item the first counts. */
export async function keepRecording(
  recording: AsyncIterable<RecordedAnswer>,
  { store, engine, spec, jobId }: KeepRecordingOptions,
): Promise<KeptRecording> {
  await engine.submit(spec, { jobId });
  await engine.cancel(jobId);
  let sourceId = "github";
  let hasImaginaryDomains = false;
  let batch: TaskResult[] = [];
  let batchLength = 0;
  const keep = async () => {
    const taskResults = batch;
    batch = [];
    batchLength = 0;
    await store.updateJob(jobId, () => ({ taskResults }));
  };
  for await (const answer of recording) {
    const { kind, item, input, fetchedAt } = answer;
    const value = JSON.stringify(answer.value);
    batch.push({ kind, itemId: item, inputDigest: input, value, fetchedAt });
    batchLength += value.length;
    if (kind === "preflight") sourceId = item;
    hasImaginaryDomains ||= isOfImaginaryDomain(answer);
    if (batch.length === mostAnswers || batchLength > mostLength) await keep();
  }
  await keep();
  return {
    sourceId,
    hasImaginaryDomains,
    find: (kind, items) => store.readTaskResults(jobId, kind, items),
  };
}

/** What is written at once: so many answers, or so many characters of them. */
const mostAnswers = 500;
const mostLength = 1_000_000;
