import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { CmoError } from "@cmo/engine";
import { type CommandContext, exitCode } from "./command-context.ts";
import { starterConfig } from "./starter-config.ts";

/** What `cmo init` was told. */
export interface InitOptions {
  force: boolean;
}

/** Writes a config to begin with. A file that is there stays, unless forced. @throws CmoError `usage`, `export_failed`. */
export async function initCommand(
  file: string,
  options: InitOptions,
  { host, terminal }: CommandContext,
): Promise<number> {
  try {
    await writeFile(resolve(host.cwd, file), starterConfig, { flag: options.force ? "w" : "wx" });
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      throw new CmoError("usage", `There is a ${file} already.`, {
        hint: "Name another file, or add --force.",
      });
    }
    throw new CmoError("usage", `Could not write ${file} (${codeOf(error)}).`, {
      hint: "Name a file in a folder that is there and can be written.",
      cause: error,
    });
  }
  await terminal.write(`Wrote ${file}. Next:\n  cmo validate --config ${file}\n  cmo run --config ${file}\n`);
  return exitCode.done;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
