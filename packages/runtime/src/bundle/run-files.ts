import { type OpenBundle, openBundle, verifyBundle } from "@cmo/bundle";
import type { RunFiles } from "./verify-file.ts";

/** A bundle in which everything fits together, and what the files of its run are to be. */
export interface CheckedBundle {
  readonly manifest: OpenBundle["manifest"];
  readonly events: number;
  readonly answers: number;
  readonly run: RunFiles;
}

/** Opens and verifies a bundle. @throws CmoError as `openBundle` and `verifyBundle`. */
export async function checkBundle(path: string): Promise<CheckedBundle> {
  const bundle = await openBundle(path);
  try {
    const { manifest } = bundle;
    const { events, answers } = await verifyBundle(bundle);
    const expected = await bundle.expected();
    // Files may have been written before somebody was taken out, or after.
    const run = {
      jobId: manifest.jobId,
      files: [...manifest.files, ...filesIn(expected.log)],
      summaries: [expected.summary],
    };
    return { manifest, events, answers, run };
  } finally {
    await bundle.close();
  }
}

/** The files that a canonical log tells of. */
export function filesIn(log: readonly string[]): RunFiles["files"] {
  return log.flatMap((line) => {
    const { type, data } = JSON.parse(line);
    return type === "artifact.created" ? [{ kind: String(data.kind), digest: String(data.digest) }] : [];
  });
}
