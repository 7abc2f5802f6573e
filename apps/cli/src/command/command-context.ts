import type { Host } from "@cmo/runtime";
import type { Interrupts } from "../terminal/interrupts.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** What every command is given. */
export interface CommandContext {
  host: Host;
  terminal: Terminal;
  interrupts: Interrupts;
}

/** What a program ends with; architecture, section 10. */
export const exitCode = {
  done: 0,
  failed: 1,
  /** As of diff(1). */
  different: 1,
  usage: 2,
  apiAway: 3,
  impossible: 4,
  interrupted: 130,
} as const;
