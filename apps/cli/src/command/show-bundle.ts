import { resolve } from "node:path";
import { renderSummary } from "@cmo/engine";
import { openBundledRun } from "@cmo/runtime";
import { reportWidth } from "../renderer/open-renderer.ts";
import { bundleText } from "../view/bundle-text.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import type { ShowJobOptions } from "./show-command.ts";
import { madeWithout, showConfig } from "./show-config.ts";

/**
 * Shows what a bundle is, and what its run came to; or only the config that the run was made from. @throws CmoError as
 * `openBundledRun`.
 */
export async function showBundle(
  file: string,
  options: Pick<ShowJobOptions, "config" | "emoji" | "output">,
  context: CommandContext,
): Promise<number> {
  const { host, terminal } = context;
  const { emoji, output } = options;
  const run = await openBundledRun(resolve(host.cwd, file));
  try {
    const { manifest } = run;
    if (options.config) {
      const { jobId, kind } = manifest;
      const why = kind === "shared" ? "a bundle to be shared holds none" : madeWithout;
      return await showConfig({ jobId, config: await run.config(), why }, options, context);
    }
    const summary = await run.summary();
    await terminal.write(
      output === "json"
        ? `${JSON.stringify({ bundle: manifest, summary })}\n`
        : `${bundleText(file, manifest)}\n${renderSummary(summary, { emoji, width: reportWidth(context) })}`,
    );
    return exitCode.done;
  } finally {
    await run.close();
  }
}
