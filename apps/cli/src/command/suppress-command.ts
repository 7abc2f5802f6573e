import { resolve } from "node:path";
import type { CampaignService, SuppressionState } from "@cmo/contract";
import { CmoError, readSuppressEntry, suppressionKinds } from "@cmo/engine";
import { readSuppressFile } from "@cmo/runtime";
import type { PlaceOptions } from "../place/place-options.ts";
import { withCampaigns } from "../place/with-campaigns.ts";
import { countText } from "../view/count-text.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What can be done with entries of the suppression list. */
export type SuppressVerb = "add" | "remove" | "check";

/**
 * Puts entries on the suppression list, takes them off, or says which are on it: `check` ends with 0 when all are, else
 * with 1. All entries are read before anything is written. @throws CmoError `usage` for what is no entry.
 */
export async function suppressCommand(
  verb: SuppressVerb,
  texts: readonly string[],
  options: PlaceOptions,
  context: CommandContext,
): Promise<number> {
  checkEntries(texts);
  const { terminal } = context;
  return withCampaigns(options, context, async ({ service }) => {
    const entries = await inPortions(texts, (portion) => service[suppressMethod[verb]](portion));
    switch (verb) {
      case "add":
        for (const [index, text] of texts.entries()) {
          await terminal.write(`${text}: on the list as ${kindText(entries[index])}\n`);
        }
        return exitCode.done;
      case "remove":
        await terminal.write(`${entriesText(differentOf(entries))} not on the list any more.\n`);
        return exitCode.done;
      case "check":
        for (const [index, text] of texts.entries()) {
          const listed = entries[index]?.listed === true;
          await terminal.write(`${text}: ${listed ? "on the list" : "not on the list"}\n`);
        }
        return entries.every(({ listed }) => listed) ? exitCode.done : exitCode.failed;
      default:
        return verb satisfies never;
    }
  });
}

/** Puts everybody of a file on the list, or nobody when a line is no entry. @throws CmoError `usage`. */
export async function importSuppressed(
  file: string,
  options: PlaceOptions,
  context: CommandContext,
): Promise<number> {
  const read = await readSuppressFile(resolve(context.host.cwd, file));
  if (!read.ok) {
    throw new CmoError("usage", read.problems.map(({ message }) => message).join("\n       "), {
      hint: "Nothing was imported.",
    });
  }
  return withCampaigns(options, context, async ({ service }) => {
    const entries = await inPortions(read.value, (portion) => service.addSuppressions(portion));
    const count = entriesText(differentOf(entries));
    await context.terminal.write(`${count} on the list${kindCounts(entries)}.\n`);
    return exitCode.done;
  });
}

const suppressMethod = {
  add: "addSuppressions",
  remove: "removeSuppressions",
  check: "checkSuppressions",
} as const satisfies Record<SuppressVerb, keyof CampaignService>;

/** So many of the longest entries fit into one request. */
const portionSize = 2_000;

async function inPortions(
  texts: readonly string[],
  ask: (portion: readonly string[]) => Promise<SuppressionState>,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let start = 0; start < texts.length; start += portionSize) {
    entries.push(...(await ask(texts.slice(start, start + portionSize))).entries);
  }
  return entries;
}

type Entry = SuppressionState["entries"][number];

function checkEntries(texts: readonly string[]): void {
  // What is no entry is told by its place: it may be about a person who asked not to appear.
  const wrong = texts.flatMap((text, index) => (readSuppressEntry(text) === null ? [index + 1] : []));
  if (wrong.length === 0) return;
  throw new CmoError("usage", `Not an entry: number ${wrong.join(", ")} of ${texts.length}.`, {
    hint: "Use logins, id:NODE_ID, addresses (name@host.example), or domains (@host.example).",
  });
}

function differentOf(entries: readonly Entry[]): number {
  return new Set(entries.map(({ hash }) => hash)).size;
}

function entriesText(count: number): string {
  return count === 1 ? "1 entry is" : `${countText(count)} entries are`;
}

const kindNames = {
  login: ["a login", "logins"],
  id: ["an id", "ids"],
  email: ["an address", "addresses"],
  domain: ["a domain", "domains"],
} as const;

function kindText(entry: Entry | undefined): string {
  return entry === undefined ? "nothing" : kindNames[entry.kind][0];
}

/** How many of which kind, in brackets. */
function kindCounts(entries: readonly Entry[]): string {
  const counts = suppressionKinds.flatMap((kind) => {
    const count = differentOf(entries.filter((entry) => entry.kind === kind));
    return count === 0
      ? []
      : [count === 1 ? kindNames[kind][0] : `${countText(count)} ${kindNames[kind][1]}`];
  });
  return counts.length === 0 ? "" : ` (${counts.join(", ")})`;
}
