import { Command } from "commander";
import { version } from "../../package.json";
import type { CommandContext } from "../command/command-context.ts";
import type { DoctorOptions } from "../command/doctor-command.ts";
import type { InitOptions } from "../command/init-command.ts";
import type { ValidateOptions } from "../command/validate-command.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { addBundleCommands } from "./bundle-commands.ts";
import { addChaosCommand } from "./chaos-commands.ts";
import { addJobCommands } from "./job-commands.ts";
import { addApiOptions, configOption, exportsOption, formOption, setOption } from "./option.ts";
import { addRunCommand } from "./run-commands.ts";
import { addServeCommands } from "./serve-commands.ts";
import { addStoreCommands } from "./store-commands.ts";

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

  addRunCommand(program, run);

  addApiOptions(
    program
      .command("validate")
      .description("say whether a campaign's config is right, and what it comes to")
      .addOption(configOption())
      .addOption(setOption())
      .addOption(formOption()),
  ).action((options: ValidateOptions) =>
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

  addApiOptions(
    program
      .command("doctor")
      .description("look whether campaigns can run here, and whether the API is there when one was named")
      .addOption(configOption())
      .addOption(exportsOption("where files would go"))
      .option("--no-emoji", "plain words in place of symbols"),
  ).action((options: DoctorOptions) =>
    run(async (context) => (await import("../command/doctor-command.ts")).doctorCommand(options, context)),
  );

  addChaosCommand(program, run);
  addJobCommands(program, run);
  addBundleCommands(program, run);
  addServeCommands(program, run);
  addStoreCommands(program, run);
  return program;
}

const exitCodes = `
Exit codes: 0 done, 1 the campaign failed or was cancelled (diff, replay, verify: not the same), 2 wrong usage or
config, 3 the API is away or lets nobody in, 4 no such job or not possible in its state, 130 interrupted or paused.
Commands over jobs use the store of this machine; with --api-base or CMO_API_URL, what runs there (cmo serve).
With --output json, every line of stdout is an event; everything else is on stderr.`;
