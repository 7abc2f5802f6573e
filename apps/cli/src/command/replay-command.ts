import { resolve } from "node:path";
import { replayBundle } from "@cmo/runtime";
import { untilInterrupted } from "../place/until-interrupted.ts";
import { replayReport } from "../report/replay-report.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What `cmo replay` was told. */
export interface ReplayOptions {
  output: "text" | "json";
}

/**
 * Runs a bundle's campaign again from its recording: 0 when it comes to the same, 1 when it does not. With `--output
 * json`, stdout holds the verdict and nothing else. @throws CmoError `not_found`, `bundle_invalid`,
 * `bundle_newer`; `cancelled` when it is interrupted.
 */
export async function replayCommand(
  file: string,
  { output }: ReplayOptions,
  { host, terminal, interrupts }: CommandContext,
): Promise<number> {
  const replaying = replayBundle(resolve(host.cwd, file));
  const verdict = await untilInterrupted(replaying, interrupts.signal, {
    message: "Interrupted. Nothing is left of the replay.",
  });
  if (output === "json") {
    const { manifest, ...found } = verdict;
    await terminal.write(`${JSON.stringify({ jobId: manifest.jobId, ...found })}\n`);
  } else {
    await terminal.write(replayReport(verdict));
  }
  return verdict.verdict === "identical" ? exitCode.done : exitCode.failed;
}
