import type { RecordedAnswer } from "@cmo/bundle";
import type { Store, TaskResult } from "@cmo/engine";
import { isOfImaginaryDomain, type RecordedSourcesOptions } from "./recorded-sources.ts";

/**
 * Puts a recording into a store, as the answers of a job; of two about one item the first counts. Gives what it tells of
 * the sources that were asked.
 */
export async function keepRecording(
  recording: AsyncIterable<RecordedAnswer>,
  store: Store,
  jobId: string,
): Promise<Omit<RecordedSourcesOptions, "spec">> {
  let sourceId = "github";
  let hasImaginaryDomains = false;
  let batch: TaskResult[] = [];
  let length = 0;
  const keep = async () => {
    const taskResults = batch;
    batch = [];
    length = 0;
    await store.updateJob(jobId, () => ({ taskResults }));
  };
  for await (const answer of recording) {
    const { kind, item, input, fetchedAt } = answer;
    const value = JSON.stringify(answer.value);
    batch.push({ kind, itemId: item, inputDigest: input, value, fetchedAt });
    length += value.length;
    if (kind === "preflight") sourceId = item;
    hasImaginaryDomains ||= isOfImaginaryDomain(answer);
    if (batch.length === mostAnswers || length > mostLength) await keep();
  }
  await keep();
  return { sourceId, hasImaginaryDomains };
}

/** What is written at once: so many answers, or so many characters of them. */
const mostAnswers = 500;
const mostLength = 1_000_000;
