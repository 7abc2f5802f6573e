import type { ErrorCode } from "@cmo/engine";
import type { Host } from "@cmo/runtime";
import { CommanderError } from "commander";
import { exitCode } from "../command/command-context.ts";
import type { Interrupts } from "../terminal/interrupts.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { createProgram } from "./create-program.ts";

/** What the program runs on. */
export interface ProgramContext {
  terminal: Terminal;
  interrupts: Interrupts;
  /** Default: this process, looked at when a command needs it. */
  host?: Host;
}

/** Runs one command line and gives the exit code. Never throws; what went wrong is told on stderr. */
export async function runProgram(
  args: readonly string[],
  { terminal, interrupts, host }: ProgramContext,
): Promise<number> {
  let code = 0;
  const program = createProgram({
    terminal,
    run: async (command) => {
      const openHost = async () => host ?? (await import("@cmo/runtime")).createNodeHost();
      code = await command({ host: await openHost(), terminal, interrupts });
    },
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    // Its own text is written already; help and version are no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return tellError(error, terminal);
  }
}

async function tellError(thrown: unknown, terminal: Terminal): Promise<number> {
  const [{ toCmoError }, { createRedaction, processEnvironment }, { errorReport }] = await Promise.all([
    import("@cmo/engine"),
    import("@cmo/runtime"),
    import("../report/error-report.ts"),
  ]);
  const error = toCmoError(thrown);
  const env = processEnvironment();
  const { redact } = createRedaction(env);
  terminal.writeError(errorReport(error, { redact, debug: env.CMO_DEBUG === "1" }));
  return exitCodeOf(error.code);
}

function exitCodeOf(code: ErrorCode): number {
  switch (code) {
    case "usage":
    case "config_invalid":
    case "config_unreadable":
      return exitCode.usage;
    case "api_unreachable":
    case "api_refused":
      return exitCode.apiAway;
    case "not_found":
    case "conflict":
      return exitCode.impossible;
    case "cancelled":
      return exitCode.interrupted;
    default:
      return exitCode.failed;
  }
}
