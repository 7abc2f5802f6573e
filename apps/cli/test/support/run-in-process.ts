import { createNodeHost } from "@cmo/runtime";
import { runProgram } from "../../src/program/run-program.ts";
import { createFakeTerminal } from "./fake-terminal.ts";
import type { CmoPlace, CmoResult } from "./run-cmo.ts";

/** Where a command runs in this process, and at what time: by default at that of the system. */
export interface InProcessPlace extends CmoPlace {
  /** Milliseconds since the epoch, at which its clock stands still. */
  now?: number;
}

/** Runs a command line from its source in this process: as `runCmo`, for tests of many commands. */
export async function runInProcess(
  args: readonly string[],
  { cwd, env = {}, now }: InProcessPlace,
): Promise<CmoResult> {
  const { terminal, output, errors } = createFakeTerminal();
  const node = createNodeHost();
  const clock = now === undefined ? node.clock : { ...node.clock, now: () => now };
  const host = Object.create(node, { cwd: { value: cwd }, env: { value: env }, clock: { value: clock } });
  const interrupts = { signal: new AbortController().signal };
  const code = await runProgram(args, { terminal, interrupts, host });
  return { code, stdout: output(), stderr: errors() };
}
