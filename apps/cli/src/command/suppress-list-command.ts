import type { SuppressionPage } from "@cmo/contract";
import type { PlaceOptions } from "../place/place-options.ts";
import { withCampaigns } from "../place/with-campaigns.ts";
import { countText } from "../view/count-text.ts";
import { table } from "../view/table.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What `cmo suppress list` was told. */
export interface SuppressListOptions extends PlaceOptions {
  output: "text" | "json";
}

/** Lists what is on the suppression list, as far as it can be shown: kinds, hashes and dates. */
export async function suppressListCommand(
  options: SuppressListOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  return withCampaigns(options, context, async ({ service }) => {
    const rows: string[][] = [];
    let count = 0;
    for (let after: string | null = null; ; ) {
      const page: SuppressionPage = await service.suppressions({
        limit: pageSize,
        ...(after === null ? {} : { after }),
      });
      count += page.entries.length;
      if (options.output === "json") await terminal.write(page.entries.map(jsonLine).join(""));
      else rows.push(...page.entries.slice(0, mostRows - rows.length).map(rowOf));
      after = page.next;
      if (after === null) break;
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

type Entry = SuppressionPage["entries"][number];

function rowOf({ kind, hash, addedAt }: Entry): string[] {
  return [kindName[kind], `${hash.slice(0, 12)}…`, addedAt.slice(0, 10)];
}

function jsonLine({ kind, hash, addedAt }: Entry): string {
  return `${JSON.stringify({ kind, hash, addedAt })}\n`;
}
