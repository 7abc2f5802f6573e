import { resolve } from "node:path";
import { CmoError, readSuppressEntry, type SuppressedEntry, suppressionKinds } from "@cmo/engine";
import { readSuppressFile, type StoredRuntime } from "@cmo/runtime";
import { countText } from "../view/count-text.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { type StoreOptions, withKeptStore } from "./with-store.ts";

/** What can be done with entries of the suppression list. */
export type SuppressVerb = "add" | "remove" | "check";

/**
 * Puts entries on the store's suppression list, takes them off, or says which are on it: `check` ends with 0 when all
 * are, else with 1. All entries are read before anything is written. @throws CmoError `usage` for what is no entry.
 */
export async function suppressCommand(
  verb: SuppressVerb,
  texts: readonly string[],
  options: StoreOptions,
  context: CommandContext,
): Promise<number> {
  checkEntries(texts);
  const { terminal } = context;
  return withKeptStore(options, context, async (runtime) => {
    const entries = await hashed(texts, runtime);
    const hashes = entries.map(({ hash }) => hash);
    switch (verb) {
      case "add":
        await runtime.store.addSuppressed(entries);
        for (const [index, text] of texts.entries()) {
          await terminal.write(`${text}: on the list as ${kindText(entries[index])}\n`);
        }
        return exitCode.done;
      case "remove":
        await runtime.store.removeSuppressed(hashes);
        await terminal.write(`${entriesText(new Set(hashes).size)} not on the list any more.\n`);
        return exitCode.done;
      case "check": {
        const listed = await runtime.store.findSuppressed(hashes);
        for (const [index, text] of texts.entries()) {
          await terminal.write(
            `${text}: ${listed.has(hashes[index] ?? "") ? "on the list" : "not on the list"}\n`,
          );
        }
        return hashes.every((hash) => listed.has(hash)) ? exitCode.done : exitCode.failed;
      }
      default:
        return verb satisfies never;
    }
  });
}

/** Puts everybody of a file on the list, or nobody when a line is no entry. @throws CmoError `usage`. */
export async function importSuppressed(
  file: string,
  options: StoreOptions,
  context: CommandContext,
): Promise<number> {
  const read = await readSuppressFile(resolve(context.host.cwd, file));
  if (!read.ok) {
    throw new CmoError("usage", read.problems.map(({ message }) => message).join("\n       "), {
      hint: "Nothing was imported.",
    });
  }
  return withKeptStore(options, context, async (runtime) => {
    const entries = await hashed(read.value, runtime);
    await runtime.store.addSuppressed(entries);
    const count = new Set(entries.map(({ hash }) => hash)).size;
    await context.terminal.write(`${entriesText(count)} on the list${kindCounts(entries)}.\n`);
    return exitCode.done;
  });
}

function checkEntries(texts: readonly string[]): void {
  // What is no entry is told by its place: it may be about a person who asked not to appear.
  const wrong = texts.flatMap((text, index) => (readSuppressEntry(text) === null ? [index + 1] : []));
  if (wrong.length === 0) return;
  throw new CmoError("usage", `Not an entry: number ${wrong.join(", ")} of ${texts.length}.`, {
    hint: "Use logins, id:NODE_ID, addresses (name@host.example), or domains (@host.example).",
  });
}

function hashed(texts: readonly string[], { engine }: StoredRuntime): Promise<readonly SuppressedEntry[]> {
  return engine.hashSuppression(texts.map(readSuppressEntry).filter((entry) => entry !== null));
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

function kindText(entry: SuppressedEntry | undefined): string {
  return entry === undefined ? "nothing" : kindNames[entry.kind][0];
}

/** How many of which kind, in brackets. */
function kindCounts(entries: readonly SuppressedEntry[]): string {
  const counts = suppressionKinds.flatMap((kind) => {
    const count = new Set(entries.flatMap((entry) => (entry.kind === kind ? [entry.hash] : []))).size;
    return count === 0
      ? []
      : [count === 1 ? kindNames[kind][0] : `${countText(count)} ${kindNames[kind][1]}`];
  });
  return counts.length === 0 ? "" : ` (${counts.join(", ")})`;
}
