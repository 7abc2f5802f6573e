import { verifyLog } from "@cmo/engine";
import { nodeDigest } from "../host/node-digest.ts";
import type { Runtime } from "../runtime/create-runtime.ts";
import type { ChaosDifference } from "./chaos-difference.ts";

/** What is wrong with the chain over a job's log: a problem, or canonical events that are not in it. Null for nothing. */
export async function checkChain(
  { store }: Pick<Runtime, "store">,
  jobId: string,
): Promise<ChaosDifference | null> {
  const { problem, uncovered } = await verifyLog(store, nodeDigest, jobId);
  const [left] = uncovered;
  if (problem === null && left === undefined) return null;
  const { first, last } = problem ?? left ?? { first: 1, last: 1 };
  return {
    part: "history",
    place: `events ${first} to ${last}`,
    expected: "in the log's chain",
    found: problem?.message ?? "not covered",
  };
}
