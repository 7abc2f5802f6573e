import { startCmo } from "@cmo/command";

/** How the built `cmo` ended, and what it wrote. */
export interface CmoResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built `cmo` in a folder, which is its home too, to its end. @throws Error when it is not built. */
export async function runCmo(args: readonly string[], folder: string): Promise<CmoResult> {
  const { ended, stdout, stderr } = startCmo(args, folder);
  return { code: await ended, stdout: stdout(), stderr: stderr() };
}
