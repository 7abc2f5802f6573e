import { type Command, Option } from "commander";
import type { CommandContext } from "../command/command-context.ts";
import type { CreateKeyOptions, KeysOptions } from "../command/keys-command.ts";
import type { ServeCommandOptions } from "../command/serve-command.ts";
import { formOption, storeOption, wholeNumber } from "./option.ts";

/** Adds `serve`, and `keys` with what can be done with them. */
export function addServeCommands(
  program: Command,
  run: (command: (context: CommandContext) => Promise<number>) => Promise<void>,
): void {
  program
    .command("serve")
    .description("serve the API, and work on its jobs, until told to stop; what runs then goes on elsewhere")
    .option(
      "--host <address>",
      "listen here; other than this machine's own only with keys (default: CMO_HOST, else 127.0.0.1)",
    )
    .option(
      "--port <number>",
      "and on this port, 0 for any (default: CMO_PORT, else 2660)",
      wholeNumber(0, 65_535),
    )
    .option("--no-worker", "only take jobs, and leave working on them to others")
    .option(
      "--concurrency <count>",
      "how many jobs at once (default: CMO_CONCURRENCY, else 1)",
      wholeNumber(1, 100),
    )
    .option(
      "--config-dir <folder>",
      "where a config_path of a request names a file (default: CMO_CONFIG_DIR, else config)",
    )
    .option(
      "--requests-per-minute <count>",
      "of a key, 0 for any (default: CMO_REQUESTS_PER_MINUTE, else 1200)",
      wholeNumber(0, 999_999),
    )
    .addOption(keysOption())
    .addOption(storeOption())
    .action((options: ServeCommandOptions) =>
      run(async (context) => (await import("../command/serve-command.ts")).serveCommand(options, context)),
    );

  const keys = program
    .command("keys")
    .description("keep the keys that open the API; with keys, each tenant has jobs of its own");
  keys
    .command("create")
    .description("make a key, and print it once")
    .requiredOption("--tenant <name>", "whose campaigns it opens: lower-case letters, digits, _ and -")
    .addOption(
      new Option("--role <role>", "an operator reads the metrics of the whole server too")
        .choices(["member", "operator"])
        .default("member"),
    )
    .option("--label <text>", "what it is for")
    .addOption(
      new Option("--env", "keep it in no file, and print what CMO_API_KEYS is to hold")
        .default(false)
        .conflicts(["label", "keys", "store"]),
    )
    .addOption(keysOption())
    .addOption(storeOption())
    .action((options: CreateKeyOptions) =>
      run(async (context) => (await import("../command/keys-command.ts")).createKeyCommand(options, context)),
    );
  keys
    .command("list")
    .description("list the keys, without their secrets")
    .addOption(formOption())
    .addOption(keysOption())
    .addOption(storeOption())
    .action((options: KeysOptions & { output: "text" | "json" }) =>
      run(async (context) => (await import("../command/keys-command.ts")).listKeysCommand(options, context)),
    );
  keys
    .command("revoke")
    .description("take a key back")
    .argument("<id>", "its id, as keys list shows it")
    .addOption(keysOption())
    .addOption(storeOption())
    .action((id: string, options: KeysOptions) =>
      run(async (context) =>
        (await import("../command/keys-command.ts")).revokeKeyCommand(id, options, context),
      ),
    );
}

function keysOption(): Option {
  return new Option(
    "--keys <file>",
    "the file of keys (default: CMO_KEYS_FILE, else keys.json beside the store)",
  );
}
