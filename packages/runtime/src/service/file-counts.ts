import type { PersonErased } from "@cmo/contract";
import type { RefreshedFile } from "../people/refresh-files.ts";

/** What became of files, without where they are: that is the server's own. */
export function fileCounts(files: readonly RefreshedFile[]): PersonErased["files"] {
  const counts = { rewritten: 0, removed: 0, missing: 0, failed: 0 };
  for (const { outcome } of files) counts[outcome] += 1;
  return counts;
}
