import { Command, Option } from "commander";
import { version } from "../../package.json";
import type { CommandContext } from "../command/command-context.ts";
import type { DoctorOptions } from "../command/doctor-command.ts";
import type { InitOptions } from "../command/init-command.ts";
import type { RunOptions } from "../command/run-command.ts";
import type { ValidateOptions } from "../command/validate-command.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { addChaosCommand } from "./chaos-commands.ts";
import { addJobCommands } from "./job-commands.ts";
import {
  configOption,
  exportsOption,
  formOption,
  integer,
  modeOption,
  presetOption,
  setOption,
  storeOption,
} from "./option.ts";

/** What the program needs to carry out its commands. */
export interface ProgramParts {
  terminal: Terminal;
  /** Gives a command its context; its number is the exit code. */
  run(command: (context: CommandContext) => Promise<number>): Promise<void>;
}

/** The command line of `cmo`. Commands are loaded when they are called: `--help` needs none of them. */
export function createProgram({ terminal, run }: ProgramParts): Command {
  const program = new Command("cmo")
    .description("Find the people who keep open-source projects alive, and whether they may be contacted.")
    .version(version)
    .configureOutput({
      writeOut: (text) => void terminal.write(text),
      writeErr: (text) => terminal.writeError(text),
      getOutHelpWidth: () => terminal.columns() || 80,
      getErrHelpWidth: () => terminal.columns() || 80,
    })
    .showSuggestionAfterError()
    .showHelpAfterError("(cmo --help shows what there is)")
    .exitOverride()
    .addHelpText("after", exitCodes);

  program
    .command("run")
    .description("run a campaign here, and write its leads to files")
    .addOption(configOption())
    .addOption(setOption())
    .option("--dry-run", "show the resolved campaign and what it would take; ask and write nothing", false)
    .addOption(
      new Option("--resume <job>", "go on with a job that was paused, or whose process died").conflicts([
        "config",
        "set",
        "dryRun",
        "detach",
        "priority",
        "startAt",
      ]),
    )
    .addOption(
      new Option("--detach", "only put the job into the queue, for a worker; print its id")
        .default(false)
        .conflicts(["fresh"]),
    )
    .addOption(
      new Option("--priority <number>", "greater is taken first, from -1000 to 1000")
        .argParser(integer(-1_000, 1_000))
        .default(0),
    )
    .option("--start-at <time>", "not before: 2030-01-31T09:00, or +15m (s, m, h, d) from now")
    .option("--fresh", "ask for everything, also for what earlier runs were answered", false)
    .addOption(modeOption())
    .addOption(exportsOption("where the files go"))
    .addOption(presetOption())
    .addOption(storeOption())
    .option("--no-emoji", "plain words and ASCII in place of symbols")
    .action((options: RunOptions) =>
      run(async (context) => (await import("../command/run-command.ts")).runCommand(options, context)),
    );

  program
    .command("validate")
    .description("say whether a campaign's config is right, and what it comes to")
    .addOption(configOption())
    .addOption(setOption())
    .addOption(formOption())
    .action((options: ValidateOptions) =>
      run(async (context) =>
        (await import("../command/validate-command.ts")).validateCommand(options, context),
      ),
    );

  program
    .command("init")
    .description("write a config to begin with")
    .argument("[file]", "where to", "campaign.yaml")
    .option("--force", "write over a file that is there", false)
    .action((file: string, options: InitOptions) =>
      run(async (context) =>
        (await import("../command/init-command.ts")).initCommand(file, options, context),
      ),
    );

  program
    .command("doctor")
    .description("look whether campaigns can run here")
    .addOption(configOption())
    .addOption(exportsOption("where files would go"))
    .option("--no-emoji", "plain words in place of symbols")
    .action((options: DoctorOptions) =>
      run(async (context) => (await import("../command/doctor-command.ts")).doctorCommand(options, context)),
    );

  addChaosCommand(program, run);
  addJobCommands(program, run);
  return program;
}

const exitCodes = `
Exit codes: 0 done, 1 the campaign failed or was cancelled, 2 wrong usage or config, 4 no such job or not possible
in its state, 130 interrupted or paused.
With --output json, every line of stdout is an event; everything else is on stderr.`;
