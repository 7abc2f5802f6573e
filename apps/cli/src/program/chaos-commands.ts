import { type Command, InvalidArgumentError, Option } from "commander";
import type { ChaosOptions } from "../command/chaos-command.ts";
import type { CommandContext } from "../command/command-context.ts";
import { configOption, formOption, setOption, wholeNumber } from "./option.ts";

/** Adds `chaos`. */
export function addChaosCommand(
  program: Command,
  run: (command: (context: CommandContext) => Promise<number>) => Promise<void>,
): void {
  program
    .command("chaos")
    .description("crash a campaign everywhere, on simulated answers, and see that it comes to the same")
    .addOption(configOption())
    .addOption(setOption())
    .addOption(
      new Option("--points <count>", "how many places to crash at, evenly spread, or all").argParser(points),
    )
    .addOption(
      new Option("--every <n>", "crash at each n-th effect")
        .argParser(wholeNumber(1, 1_000_000))
        .conflicts("points"),
    )
    .addOption(
      new Option("--moment <moment>", "crash before an effect, after it, or both in turn")
        .choices(["before", "after", "both"])
        .default("both"),
    )
    .option(
      "--seed <number>",
      "of all randomness, and of which places are taken",
      wholeNumber(0, 4_294_967_295),
      1,
    )
    .addOption(
      new Option("--store <kind>", "what jobs are kept in meanwhile; it is removed in the end")
        .choices(["sqlite", "memory"])
        .default("sqlite"),
    )
    .addOption(formOption())
    .option("--no-emoji", "plain words in place of symbols")
    .addHelpText("after", explanation)
    .action((options: ChaosOptions) =>
      run(async (context) => (await import("../command/chaos-command.ts")).chaosCommand(options, context)),
    );
}

const explanation = `
The campaign runs once undisturbed; then its process is ended at one effect after the other (a call of the store, a
request, a sleep, a mail look-up, a file), and each time the next process brings it to its end. Log, summary and
lead files must be the same. GitHub is asked nothing, no delay is waited for, and no store or file of yours is touched.
Exit codes: 0 the same everywhere, 1 not the same, 130 interrupted.`;

function points(text: string): number | "all" {
  if (text === "all") return text;
  try {
    return wholeNumber(1, 10_000_000)(text);
  } catch {
    throw new InvalidArgumentError("It must be a whole number, or all.");
  }
}
