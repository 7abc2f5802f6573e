import { corruptJobPart } from "./job-fault.ts";

/** The value of JSON text that is kept of a job. @throws CmoError `store_corrupt`, which says of what. */
export function parseJobPart(jobId: string, what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw corruptJobPart(jobId, what, error);
  }
}
