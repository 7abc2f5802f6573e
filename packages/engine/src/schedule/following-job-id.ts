import { jobIdAlphabet } from "../engine/job-id.ts";
import { type Digest, digestText } from "../port/digest.ts";

/** The id of the run that a schedule puts in after a job: it follows from the job's, so that it is put in once. */
export function followingJobId(jobId: string, digest: Digest): string {
  const hash = digestText(digest, `the run after ${jobId}`);
  const letters = Array.from({ length: 20 }, (_, place) => {
    const byte = Number.parseInt(hash.slice(place * 2, place * 2 + 2), 16);
    return jobIdAlphabet[byte % jobIdAlphabet.length];
  });
  return `job_${letters.join("")}`;
}
