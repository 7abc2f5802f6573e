import type { ListedSuppression } from "@cmo/engine";
import { countText } from "../view/count-text.ts";
import { table } from "../view/table.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { type StoreOptions, withKeptStore } from "./with-store.ts";

/** What `cmo suppress list` was told. */
export interface SuppressListOptions extends StoreOptions {
  output: "text" | "json";
}

/** Lists what is on the suppression list, as far as it can be shown: kinds, hashes and dates. */
export async function suppressListCommand(
  options: SuppressListOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  return withKeptStore(options, context, async ({ store }) => {
    const rows: string[][] = [];
    let count = 0;
    for (let after: string | undefined; ; ) {
      const page = await store.listSuppressed({ limit: pageSize, ...(after === undefined ? {} : { after }) });
      count += page.length;
      if (options.output === "json") await terminal.write(page.map(jsonLine).join(""));
      else rows.push(...page.slice(0, mostRows - rows.length).map(rowOf));
      after = page.at(-1)?.hash;
      if (page.length < pageSize) break;
    }
    if (options.output === "json") return exitCode.done;
    if (rows.length > 0) await terminal.write(table(columns, rows));
    const more = count > rows.length ? ` The first ${countText(rows.length)} are shown.` : "";
    terminal.writeError(
      `${countText(count)} on the list.${more} It holds keyed hashes and no names: so it keeps people out without saying who they are. Ask for somebody with: cmo suppress check\n`,
    );
    return exitCode.done;
  });
}

const pageSize = 1_000;
const mostRows = 1_000;

const columns = [{ title: "KIND" }, { title: "HASH" }, { title: "SINCE" }] as const;

const kindName = { login: "login", id: "id", email: "address", domain: "domain" } as const;

function rowOf({ kind, hash, addedAt }: ListedSuppression): string[] {
  return [kindName[kind], `${hash.slice(0, 12)}…`, new Date(addedAt).toISOString().slice(0, 10)];
}

function jsonLine({ kind, hash, addedAt }: ListedSuppression): string {
  return `${JSON.stringify({ kind, hash, addedAt: new Date(addedAt).toISOString() })}\n`;
}
