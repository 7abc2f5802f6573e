import { relative, resolve } from "node:path";
import { CmoError } from "@cmo/engine";
import { checkPresets, exportJob } from "@cmo/runtime";
import { type CommandContext, exitCode } from "./command-context.ts";
import { findJob, jobCommand, type StoreOptions, withKeptStore } from "./with-store.ts";

/** What `cmo export` was told. */
export interface ExportOptions extends StoreOptions {
  exports: string;
  preset: readonly string[];
}

/**
 * Writes the files of a job that has ended, from what is stored; prints a path a line.
 * @throws CmoError `not_found`; `conflict` for a job that has not ended; `usage`, `export_failed`.
 */
export async function exportCommand(
  jobId: string,
  options: ExportOptions,
  context: CommandContext,
): Promise<number> {
  checkPresets(options.preset);
  const { host, terminal } = context;
  return withKeptStore(options, context, async (runtime) => {
    const { status, finishedAt } = await findJob(runtime, jobId);
    if (finishedAt === null) {
      throw new CmoError("conflict", `Job ${jobId} is ${status}; its leads are there when it has ended.`, {
        hint: `See how far it is with: ${jobCommand("show", jobId, options)}`,
      });
    }
    const directory = resolve(host.cwd, options.exports);
    const { files } = await exportJob({ engine: runtime.engine, jobId, directory, presets: options.preset });
    for (const { path } of files) {
      const short = relative(host.cwd, path);
      await terminal.write(`${short.startsWith("..") ? path : short}\n`);
    }
    return exitCode.done;
  });
}
