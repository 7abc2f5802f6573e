import type { Command } from "commander";
import type { CommandContext } from "../command/command-context.ts";
import type { SuppressListOptions } from "../command/suppress-list-command.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { addPlaceOptions, formOption } from "./option.ts";

/** Adds `suppress` and what can be done with its list. */
export function addSuppressCommand(
  program: Command,
  run: (command: (context: CommandContext) => Promise<number>) => Promise<void>,
): void {
  const suppress = program
    .command("suppress")
    .description("keep the list of people who are never to be looked at, shown or exported");
  const entries = [
    ["add", "put people on the list"],
    ["remove", "take people off the list"],
    ["check", "say of each whether it is on the list: it holds only keyed hashes, and cannot be shown"],
  ] as const;
  for (const [verb, description] of entries) {
    addPlaceOptions(
      suppress
        .command(verb)
        .description(description)
        .argument("<entries...>", "logins, id:NODE_ID, addresses, or @domains"),
    ).action((texts: string[], options: PlaceOptions) =>
      run(async (context) =>
        (await import("../command/suppress-command.ts")).suppressCommand(verb, texts, options, context),
      ),
    );
  }
  addPlaceOptions(
    suppress
      .command("list")
      .description("show what is on the list: kinds, hashes and dates, since it holds no names")
      .addOption(formOption()),
  ).action((options: SuppressListOptions) =>
    run(async (context) =>
      (await import("../command/suppress-list-command.ts")).suppressListCommand(options, context),
    ),
  );
  addPlaceOptions(
    suppress
      .command("import")
      .description("put everybody of a file on the list, one entry a line")
      .argument("<file>", "its name"),
  ).action((file: string, options: PlaceOptions) =>
    run(async (context) =>
      (await import("../command/suppress-command.ts")).importSuppressed(file, options, context),
    ),
  );
}
