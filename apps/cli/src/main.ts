#!/usr/bin/env node
import { runProgram } from "./program/run-program.ts";
import { createInterrupts } from "./terminal/interrupts.ts";
import { createTerminal } from "./terminal/terminal.ts";

const terminal = createTerminal(process.stdout, process.stderr, process.stdin);
const interrupts = createInterrupts(process, () => {
  terminal.restore();
  process.exit(130);
});
const code = await runProgram(process.argv.slice(2), { terminal, interrupts });
await terminal.flush();
process.exit(code);
