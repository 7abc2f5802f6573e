import { CmoError } from "@cmo/engine";
import type { Place } from "../place/place.ts";

/**
 * What is to be said when an API was given up in the middle of a job; every other error as it is. Nobody knows then how
 * the job ends, and the command that will tell is all that helps.
 */
export function outcomeUnknown(error: unknown, place: Place, jobId: string): unknown {
  if (place.type !== "api" || !(error instanceof CmoError) || error.code !== "api_unreachable") return error;
  return new CmoError(
    "api_unreachable",
    `Outcome unknown: ${place.name} was not heard of for so long that it was given up. Job ${jobId} may be going on there.`,
    { hint: `This will tell: ${place.command("watch", jobId)}`, cause: error },
  );
}
