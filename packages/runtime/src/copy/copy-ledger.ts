import { CmoError, type StoreTransfer, type TransferRow } from "@cmo/engine";
import { pagesOf } from "./pages-of.ts";
import type { StoreEnd } from "./store-end.ts";

/** How the ledger of erasures is copied. */
export interface CopyLedgerOptions {
  readonly from: StoreEnd;
  readonly to: StoreEnd;
  /** Somebody has seen to it that whoever was erased in the one store is erased in the other. */
  readonly erasedInBoth: boolean;
}

/**
 * Puts the ledger's lines in beside those that are there; gives how many lines there are of erases that a copy could
 * undo, and how many rows were copied. A ledger never says who was erased: where people were erased that the other
 * store does not know of, they could come back with its jobs.
 * @throws CmoError `conflict` then, before anything is copied.
 */
export async function copyLedger({ from, to, erasedInBoth }: CopyLedgerOptions) {
  const [known, lines] = [await linesOf(from.transfer), await linesOf(to.transfer)];
  const unknown = [...lines.values()].filter((line) => isErasing(line) && !known.has(keyOf(line)));
  if (unknown.length > 0 && !erasedInBoth) {
    throw new CmoError("conflict", `People were erased in ${to.name} whom ${from.name} may still hold.`, {
      hint: `Nothing was copied. Erase them there too (cmo purge --person LOGIN --store ${from.name}), then say --erased-in-both.`,
    });
  }
  let erased = await to.transfer.countErased();
  const missing = [...known.values()].filter((line) => !lines.has(keyOf(line)));
  for (let start = 0; start < missing.length; start += pageSize) {
    const rows = missing.slice(start, start + pageSize);
    await to.transfer.merge("erasure", rows, erased);
    erased += rows.filter(isErasing).length;
  }
  return { erased, rows: missing.length };
}

/**
 * Whoever was erased where a copy comes from, while it went on, may have been copied before.
 * @throws CmoError `conflict`, at the end of a copy.
 */
export async function assertNoneErasedMeanwhile({
  from,
  to,
  before,
}: {
  readonly from: StoreEnd;
  readonly to: StoreEnd;
  /** `countErased` of the store that is copied from, at the beginning. */
  readonly before: number;
}): Promise<void> {
  if ((await from.transfer.countErased()) === before) return;
  throw new CmoError("conflict", `People were erased in ${from.name} while it was copied.`, {
    hint: `They may have been copied before. Erase them in the other store too: cmo purge --person LOGIN --store ${to.name}`,
  });
}

/** A ledger is short: a line for each erase that somebody asked for, and for each sweep of what was too old. */
async function linesOf(transfer: StoreTransfer): Promise<ReadonlyMap<string, TransferRow>> {
  const lines = new Map<string, TransferRow>();
  for await (const rows of pagesOf(transfer, "erasure"))
    for (const line of rows) lines.set(keyOf(line), line);
  return lines;
}

function keyOf([scope, at]: TransferRow): string {
  return `${scope} ${at}`;
}

function isErasing([scope]: TransferRow): boolean {
  return scope === "person" || scope === "all";
}

const pageSize = 1_000;
