import { createNodeHost } from "@cmo/runtime";
import { runProgram } from "../../src/program/run-program.ts";
import { createFakeTerminal } from "./fake-terminal.ts";
import type { CmoPlace, CmoResult } from "./run-cmo.ts";

/** Runs a command line from its source in this process: as `runCmo`, for tests of many commands. */
export async function runInProcess(args: readonly string[], { cwd, env = {} }: CmoPlace): Promise<CmoResult> {
  const { terminal, output, errors } = createFakeTerminal();
  const host = Object.create(createNodeHost(), { cwd: { value: cwd }, env: { value: env } });
  const interrupts = { signal: new AbortController().signal };
  const code = await runProgram(args, { terminal, interrupts, host });
  return { code, stdout: output(), stderr: errors() };
}
