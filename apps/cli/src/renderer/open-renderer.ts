import type { CommandContext } from "../command/command-context.ts";
import { chooseOutput, wantsColors } from "../terminal/choose-output.ts";
import type { LearnGrounds } from "./learn-grounds.ts";
import type { OutputMode, Renderer, RendererEntry } from "./renderer.ts";
import { renderers } from "./renderers.ts";

/** How a person wants to see a run. */
export interface ShowOptions {
  output: OutputMode | "auto";
  emoji: boolean;
}

/** The mode that a run is shown in here; says so on stderr when a wish cannot be followed. */
export function outputModeOf({ output }: ShowOptions, { host, terminal }: CommandContext): OutputMode {
  const { mode, note } = chooseOutput({
    requested: output,
    isTty: terminal.isTty(),
    columns: terminal.columns(),
    env: host.env,
  });
  if (note !== null) terminal.writeError(`--output ${output} is not possible here (${note}): ${mode}\n`);
  return mode;
}

/** What {@link openRenderer} is told. */
export interface OpenRendererOptions {
  emoji: boolean;
  /** What is said at the first interrupt. Default: nothing. */
  onInterrupt?(): string;
  /** When the job will start, in milliseconds since the epoch; null for at once. */
  startsAt: number | null;
  learnGrounds: LearnGrounds;
}

/** A renderer that tells of the first interrupt, and of a start that lies ahead. To be closed in any case. */
export async function openRenderer(
  mode: OutputMode,
  { emoji, onInterrupt, startsAt, learnGrounds }: OpenRendererOptions,
  { host, terminal, interrupts }: CommandContext,
): Promise<Renderer> {
  const colors = wantsColors(host.env);
  const drawing = { terminal, clock: host.clock, emoji, colors, startsAt, learnGrounds };
  const renderer = await renderers[mode].open(drawing);
  // On a terminal the line below the rows tells it.
  if (startsAt !== null && mode !== "tty") {
    renderer.notice(`Scheduled: it starts at ${new Date(startsAt).toISOString()}.`);
  }
  const tell = () => {
    if (onInterrupt !== undefined) renderer.notice(onInterrupt());
  };
  interrupts.signal.addEventListener("abort", tell);
  return {
    ...renderer,
    async close() {
      interrupts.signal.removeEventListener("abort", tell);
      await renderer.close();
    },
  };
}

/** Columns for text that is written once; where nobody says, it is for a log. */
export function reportWidth({ terminal }: CommandContext): number {
  return terminal.isTty() && terminal.columns() > 0 ? terminal.columns() : 100;
}

/** Puts a closing report where the mode has room for it; bad news is told in any mode. */
export async function writeReport(
  entry: RendererEntry,
  { report, good }: { report: string; good: boolean },
  { terminal }: CommandContext,
): Promise<void> {
  // Whoever read the output has gone; the files tell what there was.
  if (terminal.closed.aborted) return;
  if (entry.report === "stdout") await terminal.write(report);
  else if (entry.report === "stderr" || !good) terminal.writeError(report);
}
