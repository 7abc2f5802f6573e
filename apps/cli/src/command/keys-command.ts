import { resolve } from "node:path";
import {
  type ApiKey,
  createEnvironmentKey,
  createKey,
  type KeyRole,
  listKeys,
  resolveKeysFile,
  revokeKey,
} from "@cmo/runtime";
import { table } from "../view/table.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** Where the keys of a server are, as it was told. */
export interface KeysOptions {
  /** The file of keys. Default: where `cmo serve` looks for it. */
  keys?: string;
  /** The store that the keys lie beside. */
  store?: string;
}

/** What `cmo keys create` was told. */
export interface CreateKeyOptions extends KeysOptions {
  tenant: string;
  role: KeyRole;
  label?: string;
  /** Keep it in no file; print what `CMO_API_KEYS` is to hold too. */
  env: boolean;
}

/** Makes a key. Stdout holds the key and nothing else, once; what to do with it is told on stderr. */
export async function createKeyCommand(options: CreateKeyOptions, context: CommandContext): Promise<number> {
  const { host, terminal } = context;
  const { tenant, role, label = null } = options;
  if (options.env) {
    const { text, entry, key } = createEnvironmentKey({ tenant, role });
    await terminal.write(`${text}\n`);
    terminal.writeError(
      [
        madeText(key),
        "It is kept nowhere. Give the server this, with commas between several, and start it again:",
        `  CMO_API_KEYS=${entry}`,
        useText,
      ].join("\n"),
    );
    return exitCode.done;
  }
  const file = fileOf(options, context);
  const isFirst = listKeys(file).length === 0;
  const { text, key } = await createKey(file, { tenant, role, label }, host.clock);
  await terminal.write(`${text}\n`);
  const start = isFirst
    ? "A server that had no keys when it was started wants none: start it again.\n"
    : "Servers that run take it within a second.\n";
  terminal.writeError(`${madeText(key)}\nIts digest is kept in ${file}. ${start}${useText}`);
  return exitCode.done;
}

/** Lists keys without their secrets. */
export async function listKeysCommand(
  options: KeysOptions & { output: "text" | "json" },
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  const file = fileOf(options, context);
  const keys = listKeys(file);
  if (options.output === "json") {
    await terminal.write(keys.map((key) => `${JSON.stringify(key)}\n`).join(""));
  } else if (keys.length === 0) {
    terminal.writeError(`No keys in ${file}. One is made with: cmo keys create --tenant NAME\n`);
  } else {
    await terminal.write(table(columns, keys.map(rowOf), terminal.isTty() ? terminal.columns() : 0));
  }
  return exitCode.done;
}

/** Takes a key back. @throws CmoError `not_found`. */
export async function revokeKeyCommand(
  id: string,
  options: KeysOptions,
  context: CommandContext,
): Promise<number> {
  const key = await revokeKey(fileOf(options, context), id);
  await context.terminal.write(
    `${key.id} of ${key.tenant} opens nothing any more; servers that run hear of it within a second.\n`,
  );
  return exitCode.done;
}

function fileOf({ keys, store }: KeysOptions, { host }: CommandContext): string {
  return keys === undefined ? resolveKeysFile({ host, store }) : resolve(host.cwd, keys);
}

function madeText({ id, tenant, role }: ApiKey): string {
  return `Key ${id} for ${tenant} (${role}). It is shown only now.`;
}

const useText = "Whoever uses it sets CMO_API_KEY, or names a file that holds it with --api-key-file.\n";

const columns = [
  { title: "ID" },
  { title: "TENANT" },
  { title: "ROLE" },
  { title: "SINCE" },
  { title: "LABEL", most: 60 },
] as const;

function rowOf({ id, tenant, role, createdAt, label }: ApiKey): string[] {
  return [id, tenant, role, createdAt?.slice(0, 10) ?? "–", label ?? ""];
}
