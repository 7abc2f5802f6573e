/**
 * Makes everything zero in a page of a b-tree that belongs to no cell: the gap before the cells, and the blocks that
 * deleted cells have left. Says whether there was anything. Pages of other kinds are left as they are: SQLite clears
 * those of its free list itself, and those of long values hold nothing else
 * (https://sqlite.org/fileformat2.html#b_tree_pages).
 */
export function scrubPage(page: Buffer, pageNumber: number): boolean {
  const header = pageNumber === 1 ? databaseHeaderBytes : 0;
  const kind = page[header] ?? 0;
  const headerBytes = pageHeaderBytes.get(kind);
  if (headerBytes === undefined) return false;
  const gapStart = header + headerBytes + 2 * page.readUInt16BE(header + 3);
  // 65,536 does not fit into two bytes and is written as 0.
  const cellsStart = page.readUInt16BE(header + 5) || 65_536;
  if (gapStart > cellsStart || cellsStart > page.length) return false;
  let changed = clear(page, gapStart, cellsStart);
  // Each free block begins with where the next one is, and how long it is. They stand in ascending order.
  let before = 0;
  for (let block = page.readUInt16BE(header + 1); block > before && block + 4 <= page.length; ) {
    const end = block + page.readUInt16BE(block + 2);
    if (end > page.length) break;
    if (clear(page, block + 4, end)) changed = true;
    before = block;
    block = page.readUInt16BE(block);
  }
  return changed;
}

/** In front of the header of the first page. */
const databaseHeaderBytes = 100;

/** By the first byte of a page of a b-tree: inner ones of indexes and tables have the number of a page more. */
const pageHeaderBytes: ReadonlyMap<number, number> = new Map([
  [2, 12],
  [5, 12],
  [10, 8],
  [13, 8],
]);

function clear(page: Buffer, start: number, end: number): boolean {
  if (end <= start) return false;
  const part = page.subarray(start, end);
  if (part.equals(zeros.subarray(0, part.length))) return false;
  part.fill(0);
  return true;
}

const zeros = Buffer.alloc(65_536);
