import type { JobConfig } from "@cmo/contract";
import { cleanText } from "@cmo/engine";
import { type CommandContext, exitCode } from "./command-context.ts";
import type { ShowJobOptions } from "./show-command.ts";

/** The config of a job, and why there is none where there is none. */
export interface ShownConfig extends JobConfig {
  readonly why: string;
}

/** Why no config is kept with a job that is whole. */
export const madeWithout = "it was made from a spec, by a fork, or by an earlier version";

/**
 * Prints the config that a job was made from: the text alone, so that it can be written to a file. What is shown on a
 * screen is cleaned of what would move its cursor: it may be a stranger's.
 */
export async function showConfig(
  { jobId, config, why }: ShownConfig,
  { output }: Pick<ShowJobOptions, "output">,
  { terminal }: CommandContext,
): Promise<number> {
  if (output === "json") await terminal.write(`${JSON.stringify({ jobId, config })}\n`);
  else if (config === null) terminal.writeError(`No config is kept with job ${jobId}: ${why}.\n`);
  else await terminal.write(terminal.isTty() ? config.split("\n").map(cleanLine).join("\n") : config);
  return exitCode.done;
}

/** With its indentation, which means something. */
function cleanLine(line: string): string {
  const text = line.trimStart();
  return `${" ".repeat(line.length - text.length)}${cleanText(text)}`;
}
