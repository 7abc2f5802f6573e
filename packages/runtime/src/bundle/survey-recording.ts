import type { RecordedAnswer } from "@cmo/bundle";
import { isOfImaginaryDomain } from "./recorded-sources.ts";

/** What has to be known of a recording before it is used. */
export interface RecordingFacts {
  /** See `RecordedSourcesOptions`. */
  readonly hasImaginaryDomains: boolean;
  /** Whether somebody's place in it is taken by a pseudonym. */
  readonly hasPseudonyms: boolean;
  /** How much it is, in characters of JSON. */
  readonly length: number;
}

/** Reads a recording to its end, and keeps nothing of it. */
export async function surveyRecording(recording: AsyncIterable<RecordedAnswer>): Promise<RecordingFacts> {
  let hasImaginaryDomains = false;
  let hasPseudonyms = false;
  let length = 0;
  for await (const answer of recording) {
    const text = JSON.stringify(answer.value);
    hasImaginaryDomains ||= isOfImaginaryDomain(answer);
    hasPseudonyms ||= answer.item.startsWith("~") || text.includes('"~');
    length += text.length;
  }
  return { hasImaginaryDomains, hasPseudonyms, length };
}
