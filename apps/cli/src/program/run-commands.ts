import { type Command, Option } from "commander";
import type { CommandContext } from "../command/command-context.ts";
import type { RunOptions } from "../command/run-command.ts";
import { runModes } from "../command/run-mode.ts";
import {
  addPlaceOptions,
  configOption,
  exportsOption,
  giveUpOption,
  integer,
  modeOption,
  presetOption,
  setOption,
} from "./option.ts";

/** Adds `run`. */
export function addRunCommand(
  program: Command,
  run: (command: (context: CommandContext) => Promise<number>) => Promise<void>,
): void {
  const command = program
    .command("run")
    .description("run a campaign, here or through an API, and write its leads to files")
    .addOption(configOption())
    .addOption(setOption())
    .addOption(
      new Option(
        "--mode <mode>",
        "where it runs: through the API, in this process, or auto: through the API when one answers within CMO_PROBE_MS (300) (default: CMO_MODE, else auto)",
      ).choices(runModes),
    )
    .option(
      "--only-new",
      "export only people whom no earlier run of the campaign exported, as with --set only_new=true",
      false,
    )
    .option("--dry-run", "show the resolved campaign and what it would take; ask and write nothing", false)
    .addOption(
      new Option("--resume <job>", "go on here with a job that was paused, or whose process died").conflicts([
        "config",
        "set",
        "onlyNew",
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
    .option("--fresh", "ask for everything, also for what earlier runs were answered; here only", false)
    .addOption(modeOption())
    .addOption(exportsOption("where the files go"))
    .addOption(presetOption());
  addPlaceOptions(command)
    .addOption(giveUpOption())
    .option("--no-emoji", "plain words in place of symbols")
    .action((options: RunOptions) =>
      run(async (context) => (await import("../command/run-command.ts")).runCommand(options, context)),
    );
}
