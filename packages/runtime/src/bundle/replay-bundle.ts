import { type ResultDecision, resultDecisions } from "@cmo/agent";
import { type BundleManifest, bundleError, openBundle } from "@cmo/bundle";
import { type Agent, engineVersion } from "@cmo/engine";
import { changedDecisions } from "./changed-decisions.ts";
import { compareOutcomes, type Divergence } from "./compare-outcomes.ts";
import { replayRecording } from "./replay-recording.ts";
import type { LeftRecording } from "./replaying-agent.ts";
import { readEnding } from "./run-ending.ts";

/** What a replay of a bundle found out. */
export interface ReplayVerdict {
  readonly verdict: "identical" | "different";
  readonly manifest: BundleManifest;
  /** The first place where the replay parts from what is expected, and what follows from it. */
  readonly divergences: readonly Divergence[];
  /** What has been decided since that may be the reason of the first divergence. */
  readonly decisions: readonly ResultDecision[];
  /** What may be the reason of a difference and is none itself, in words. */
  readonly notes: readonly string[];
}

/** For those who try an agent that decides otherwise. */
export interface ReplayBundleOptions {
  /** In place of the lead agent. */
  wrapAgent?(agent: Agent): Agent;
  /** What it has decided. Default: what the lead agent has. */
  readonly decisions?: readonly ResultDecision[];
}

/**
 * Runs the agent over the recording of a bundle and compares canonical log, files' digests and summary with what is
 * expected. Asks nobody, reads no environment, and leaves nothing on the disk.
 * @throws CmoError as `openBundle`; `usage` for a run of an agent that is not this one.
 */
export async function replayBundle(
  path: string,
  { wrapAgent, decisions = resultDecisions }: ReplayBundleOptions = {},
): Promise<ReplayVerdict> {
  const bundle = await openBundle(path);
  try {
    const { manifest } = bundle;
    const spec = await bundle.spec();
    const expected = await bundle.expected();
    const ending = await readEnding(bundle.events());
    if (ending === null) throw bundleError("The log has no end.");
    const replayed = await replayRecording({
      spec,
      jobId: manifest.jobId,
      recording: bundle.recording(),
      length: manifest.entries.find(({ name }) => name === "recording.ndjson")?.bytes ?? 0,
      ending,
      now: Date.parse(manifest.createdAt) || 0,
      ...(wrapAgent === undefined ? {} : { wrapAgent }),
    });
    await replayed.close();
    const { outcome, left } = replayed;
    const divergences = [
      ...(left === null ? [] : [leftRecording(left)]),
      ...compareOutcomes(expected, outcome),
    ];
    return {
      verdict: divergences.length === 0 ? "identical" : "different",
      manifest,
      divergences,
      decisions: changedDecisions(divergences[0], manifest, decisions),
      notes: notesOn(manifest, decisions),
    };
  } finally {
    await bundle.close();
  }
}

function leftRecording({ stage, kind, item, reason }: LeftRecording): Divergence {
  return {
    part: "recording",
    event: null,
    stage,
    item: `${kind} ${item}`,
    expected: reason === "missing" ? "not asked for" : "the question that was recorded",
    found:
      reason === "missing" ? "asked for, and not in the recording" : "another question about the same item",
  };
}

function notesOn(
  { run, expected, recording, kind }: BundleManifest,
  decisions: readonly ResultDecision[],
): string[] {
  const notes: string[] = [];
  if (run.engine !== engineVersion) {
    notes.push(`The run is of cmo ${run.engine}; this is ${engineVersion}.`);
  }
  const last = decisions.at(-1)?.id ?? 0;
  if ((expected.decision ?? 0) > last) {
    notes.push(
      `Expected is what an agent came to that knows decision ${expected.decision}; this one knows ${last} of them.`,
    );
  }
  if (recording.erased !== undefined) {
    notes.push(
      `Job ${recording.erased} was erased before the bundle was written: an answer that only it had is missing.`,
    );
  }
  if (expected.from === "recording") {
    notes.push(
      kind === "shared"
        ? "Compared with what the agent came to on the pseudonyms when the bundle was written."
        : "People were taken out since the run: compared with what the agent came to without them.",
    );
  }
  return notes;
}
