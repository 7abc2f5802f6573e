import type { CampaignService, SuppressionState } from "@cmo/contract";
import { CmoError, readSuppressEntry, type SuppressedEntry } from "@cmo/engine";
import { pageSizeOf } from "./page-size.ts";
import type { ServiceParts } from "./service-parts.ts";

type SuppressionMethods = Pick<
  CampaignService,
  "suppressions" | "addSuppressions" | "removeSuppressions" | "checkSuppressions"
>;

/** The suppression list. There is one for all tenants of a store: who wants to be left alone is left alone by all. */
export function suppressionMethods({ runtime: { engine, store } }: ServiceParts): SuppressionMethods {
  return {
    async suppressions({ after, limit } = {}) {
      const size = pageSizeOf(limit, 100);
      if (after !== undefined) checkCursor(after);
      const page = await store.listSuppressed({
        limit: size + 1,
        ...(after === undefined ? {} : { after }),
      });
      const entries = page.slice(0, size).map(({ kind, hash, addedAt }) => {
        return { kind, hash, addedAt: new Date(addedAt).toISOString() };
      });
      return { entries, next: page.length > size ? (entries.at(-1)?.hash ?? null) : null };
    },
    async addSuppressions(texts) {
      const entries = await hashed(texts);
      await store.addSuppressed(entries);
      return stateOf(entries, () => true);
    },
    async removeSuppressions(texts) {
      const entries = await hashed(texts);
      await store.removeSuppressed(entries.map(({ hash }) => hash));
      return stateOf(entries, () => false);
    },
    async checkSuppressions(texts) {
      const entries = await hashed(texts);
      const listed = await store.findSuppressed(entries.map(({ hash }) => hash));
      return stateOf(entries, (hash) => listed.has(hash));
    },
  };

  /** All of them, before anything is done. @throws CmoError `usage` when one is no entry. */
  async function hashed(texts: readonly string[]): Promise<readonly SuppressedEntry[]> {
    const entries = texts.map(readSuppressEntry);
    const wrong = entries.flatMap((entry, index) => (entry === null ? [index] : []));
    if (wrong.length > 0) throw notEntries(wrong, texts.length);
    return engine.hashSuppression(entries.filter((entry) => entry !== null));
  }
}

function stateOf(entries: readonly SuppressedEntry[], isListed: (hash: string) => boolean): SuppressionState {
  return { entries: entries.map(({ kind, hash }) => ({ kind, hash, listed: isListed(hash) })) };
}

/** What is no entry is told by its place only: it may be about a person who asked not to appear. */
function notEntries(wrong: readonly number[], count: number): CmoError {
  const told = wrong.slice(0, mostTold);
  const more = wrong.length > told.length ? `, and ${wrong.length - told.length} more` : "";
  const numbers = told.map((index) => index + 1).join(", ");
  return new CmoError("usage", `Not an entry: number ${numbers}${more} of ${count}.`, {
    hint: "Use logins, id:NODE_ID, addresses (name@host.example), or domains (@host.example).",
    problems: told.map((index) => ({
      path: ["entries", String(index)],
      message: "must be a login, id:NODE_ID, an address or a @domain",
    })),
  });
}

const mostTold = 20;

/** @throws CmoError `usage` for what cannot have been the end of a page. */
function checkCursor(cursor: string): void {
  if (/^[A-Za-z0-9_-]{16,128}$/.test(cursor)) return;
  throw new CmoError("usage", "There is no such place in the suppression list.", {
    problems: [{ path: ["after"], message: "must be the next of another page" }],
  });
}
