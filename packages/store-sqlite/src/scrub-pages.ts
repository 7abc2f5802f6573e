import { setImmediate as nextTurn } from "node:timers/promises";
import { CmoError } from "@cmo/engine";
import { numberOf } from "@cmo/store-sql";
import type { Connection } from "./connection.ts";
import { scrubPage } from "./scrub-page.ts";

/**
 * Takes what was deleted out of the database's pages. `secure_delete` alone does not: when SQLite spreads the cells of
 * a page over several, it leaves copies of those that moved in the gap that is made, and overwrites only the cells
 * when they are deleted later. `VACUUM` would do it too, by writing the whole database anew while nobody else can
 * write. Here pages are read through `sqlite_dbpage` (https://sqlite.org/dbpage.html), some at a time, and only those
 * with something in their gaps are written. What is deleted cannot come back into a gap: SQLite copies cells, no gaps.
 */
export async function scrubPages(connection: Connection): Promise<void> {
  for (let first = 1; ; first += pagesAtOnce) {
    const { dirty, count } = await connection.read(() => {
      const pages = pageCount(connection);
      return { dirty: dirtyPages(connection, first, Math.min(pages, first + pagesAtOnce - 1)), count: pages };
    });
    if (dirty.length > 0) {
      await connection.write(() => {
        for (const pageNumber of dirty) {
          const page = readPage(connection, pageNumber);
          if (scrubPage(page, pageNumber)) connection.run(writePage, [page, pageNumber]);
        }
      });
    }
    if (first + pagesAtOnce > count) return;
    // Others of this process have their turn.
    await nextTurn();
  }
}

/** 16 MB of pages of 4 kB, a few milliseconds. */
const pagesAtOnce = 4_096;

const selectPage = "SELECT data FROM sqlite_dbpage WHERE pgno = ?";
const writePage = "UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?";

function pageCount(connection: Connection): number {
  return numberOf(connection.first("PRAGMA page_count")?.[0]);
}

function dirtyPages(connection: Connection, first: number, last: number): number[] {
  const dirty: number[] = [];
  for (let pageNumber = first; pageNumber <= last; pageNumber += 1) {
    // The buffer is a copy: nothing of the database is changed by looking.
    if (scrubPage(readPage(connection, pageNumber), pageNumber)) dirty.push(pageNumber);
  }
  return dirty;
}

function readPage(connection: Connection, pageNumber: number): Buffer {
  const [page] = connection.first(selectPage, [pageNumber]) ?? [];
  if (Buffer.isBuffer(page)) return page;
  throw new CmoError("invariant_violated", `Page ${pageNumber} of the store could not be read.`);
}
