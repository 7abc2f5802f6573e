import type { Command } from "commander";
import type { BundleOptions } from "../command/bundle-command.ts";
import type { CommandContext } from "../command/command-context.ts";
import type { ReplayOptions } from "../command/replay-command.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { addPlaceOptions, formOption } from "./option.ts";

/** Adds `bundle`, `replay` and `verify`. */
export function addBundleCommands(
  program: Command,
  run: (command: (context: CommandContext) => Promise<number>) => Promise<void>,
): void {
  addPlaceOptions(
    program
      .command("bundle")
      .description("write a job that has ended into one file, with pseudonyms, to be shared and replayed")
      .argument("<job>", "its id")
      .option("--full", "as it is stored, with everything about everybody, for your own archive", false)
      .option("--out <file>", "where to (default: exports/JOB_bundle.zip)"),
  ).action((jobId: string, options: BundleOptions) =>
    run(async (context) =>
      (await import("../command/bundle-command.ts")).bundleCommand(jobId, options, context),
    ),
  );

  program
    .command("replay")
    .description(
      "run a bundle's campaign again from its recording, offline, and say whether it comes to the same",
    )
    .argument("<bundle>", "the file")
    .addOption(formOption())
    .addHelpText("after", "\nExit codes: 0 identical, 1 not; the first divergence is shown.")
    .action((file: string, options: ReplayOptions) =>
      run(async (context) =>
        (await import("../command/replay-command.ts")).replayCommand(file, options, context),
      ),
    );

  addPlaceOptions(
    program
      .command("verify")
      .description("say whether jobs, bundles, and files of runs are what was written")
      .argument("<names...>", "ids of jobs, bundles, and files such as exports/JOB_leads.json"),
  ).action((names: string[], options: PlaceOptions) =>
    run(async (context) =>
      (await import("../command/verify-command.ts")).verifyCommand(names, options, context),
    ),
  );
}
