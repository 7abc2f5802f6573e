import type { JobPart, StorePart, StoreTransfer, TransferRow } from "@cmo/engine";

/** The rows of a part of a store, a page at a time. */
export function pagesOf(transfer: StoreTransfer, part: StorePart): AsyncIterable<readonly TransferRow[]> {
  return pages((after) => transfer.read(part, null, after));
}

/** The rows of a part of the job at a place, a page at a time. */
export function jobPagesOf(
  transfer: StoreTransfer,
  part: JobPart,
  place: number,
): AsyncIterable<readonly TransferRow[]> {
  return pages((after) => transfer.read(part, place, after));
}

async function* pages(
  read: (after: TransferRow | null) => ReturnType<StoreTransfer["read"]>,
): AsyncIterable<readonly TransferRow[]> {
  for (let after: TransferRow | null = null; ; ) {
    const { rows, next } = await read(after);
    if (rows.length > 0) yield rows;
    if (next === null) return;
    after = next;
  }
}
