import { type RunSummary, renderSummary } from "@cmo/engine";
import { reportWidth, writeReport } from "../renderer/open-renderer.ts";
import type { OutputMode } from "../renderer/renderer.ts";
import { renderers } from "../renderer/renderers.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** How the end of a run that was watched is told. */
export interface OutcomeOptions {
  mode: OutputMode;
  emoji: boolean;
  /** What can be done next, in one line. */
  next: string;
}

/** Writes the summary of a run that was watched to its end, but for `json`, and gives the run's exit code. */
export async function writeOutcome(
  summary: RunSummary,
  { mode, emoji, next }: OutcomeOptions,
  context: CommandContext,
): Promise<number> {
  const good = summary.ok === true;
  if (mode !== "json") {
    // The goal stands at the top of the run already.
    const text = renderSummary({ ...summary, goal: null }, { emoji, width: reportWidth(context) });
    await writeReport(renderers[mode], { report: `\n${text}\n${next}\n`, good }, context);
  }
  return good ? exitCode.done : exitCode.failed;
}
