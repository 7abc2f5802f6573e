import { resolve } from "node:path";
import { renderSummary } from "@cmo/engine";
import { openBundledRun } from "@cmo/runtime";
import { reportWidth } from "../renderer/open-renderer.ts";
import { bundleText } from "../view/bundle-text.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import type { ShowJobOptions } from "./show-command.ts";
import { showConfig } from "./show-config.ts";

/** Shows what a bundle is, and what its run came to; or the config in it. @throws CmoError as `openBundledRun`. */
export async function showBundle(
  file: string,
  { emoji, config, output }: Pick<ShowJobOptions, "emoji" | "config" | "output">,
  context: CommandContext,
): Promise<number> {
  const { host, terminal } = context;
  const run = await openBundledRun(resolve(host.cwd, file));
  try {
    const { manifest } = run;
    if (config) {
      const none = `No config is in ${file}: only a full bundle (cmo bundle JOB --full) of a job that was submitted with one holds it.`;
      return await showConfig({ jobId: manifest.jobId, config: await run.config(), none }, output, context);
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
