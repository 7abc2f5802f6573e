import type { JobConfig } from "@cmo/contract";
import { type CommandContext, exitCode } from "./command-context.ts";

/** Writes a config's text alone, so that it can be written to a file; `none` is said where there is none. */
export async function showConfig(
  { jobId, config, none }: JobConfig & { readonly none: string },
  output: "text" | "json",
  { terminal }: CommandContext,
): Promise<number> {
  if (output === "json") await terminal.write(`${JSON.stringify({ jobId, config })}\n`);
  else if (config !== null) await terminal.write(config);
  else terminal.writeError(`${none}\n`);
  return exitCode.done;
}
