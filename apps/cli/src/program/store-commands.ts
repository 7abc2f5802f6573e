import { type Command, Option } from "commander";
import type { CommandContext } from "../command/command-context.ts";
import type { StoreCopyOptions } from "../command/store-copy-command.ts";
import { collect, formOption } from "./option.ts";

/** Adds `store` and what can be done with a store as a whole. */
export function addStoreCommands(
  program: Command,
  run: (command: (context: CommandContext) => Promise<number>) => Promise<void>,
): void {
  program
    .command("store")
    .description("move what is kept to another store")
    .command("copy")
    .description("copy jobs, logs, leads, the suppression list and all else from one store to another")
    .argument(
      "<from>",
      "disk, a file, or postgres://user@host:5432/name (the password in PGPASSWORD or ~/.pgpass)",
    )
    .argument("<to>", "another one, empty or filled by a copy before")
    .addOption(
      new Option("--job <job>", "only this one, with its parents; may be repeated")
        .argParser(collect)
        .default([], "all"),
    )
    .option("--pause", "pause jobs that have not ended, and go on with them in the other store", false)
    .option("--dry-run", "only count what would be copied", false)
    .option("--delete-source", "take the jobs out of the first store when they are in the other", false)
    .option(
      "--erased-in-both",
      "people were erased in the other store, and you have erased them in the first one too",
      false,
    )
    .addOption(formOption())
    .addHelpText("after", example)
    .action((from: string, to: string, options: StoreCopyOptions) =>
      run(async (context) =>
        (await import("../command/store-copy-command.ts")).storeCopyCommand(from, to, options, context),
      ),
    );
}

const example = `
From the file of this machine to a database, with what is being worked on:
  cmo store copy disk postgres://cmo@db.example:5432/cmo --pause

Run it again when it was interrupted: what is there already stays as it is. Jobs that went over are not gone on with in
the first store any more.`;
