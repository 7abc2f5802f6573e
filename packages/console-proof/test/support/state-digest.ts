import { createHash } from "node:crypto";
import {
  canonicalJson,
  foldProgress,
  foldSummary,
  initialProgress,
  initialSummary,
  type JobEvent,
} from "@cmo/engine";

/** SHA-256 of the fold of a log, as the console shows it of its own. */
export function stateDigest(events: readonly JobEvent[]): string {
  const progress = foldProgress(initialProgress([]), events);
  const summary = foldSummary(initialSummary(), events);
  return createHash("sha256").update(canonicalJson({ progress, summary })).digest("hex");
}
