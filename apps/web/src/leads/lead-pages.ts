import type { Client } from "@cmo/client";
import type { Lead } from "@cmo/engine";
import { type ReadonlySignal, signal } from "@preact/signals";
import { type LeadChoice, queryOf } from "./lead-query.ts";

/** The leads of a choice, of which only the pages are asked for that are seen. */
export interface LeadPages {
  /** How many there are; null until it is known. */
  readonly total: ReadonlySignal<number | null>;
  /** Grows when a page has come. */
  readonly version: ReadonlySignal<number>;
  readonly failure: ReadonlySignal<unknown>;
  /**
   * The lead of a row; undefined while it was not asked for or has not come. Null where the server has one that it gives
   * to nobody: each who was put on the suppression list since leaves one such row at the end of a page.
   */
  lead(row: number): Lead | null | undefined;
  /** Asks for what is not there of these rows. Who scrolls on before an answer came is not kept waiting for it. */
  want(from: number, to: number): void;
  /** Asks again for what is seen. Rows and total stay as they are until the answer is there. */
  refresh(): void;
  close(): void;
}

const pageRows = 200;
/** Pages kept; who scrolls through 100,000 rows does not fill the memory. */
const mostPages = 50;
/** Who drags the bar passes many pages; only where one rests is asked for. */
const restMs = 60;

/** Pages of leads from the API, beginning with the first. */
export function openLeadPages(client: Client, jobId: string, choice: LeadChoice): LeadPages {
  const total = signal<number | null>(null);
  const version = signal(0);
  const failure = signal<unknown>(null);
  const pages = new Map<number, readonly Lead[]>();
  const asked = new Set<number>();
  /** Pages of before a refresh, shown until their new ones are there. */
  const stale = new Set<number>();
  let round = 0;
  let isClosed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted: readonly number[] = [0];

  async function ask(page: number): Promise<void> {
    if ((pages.has(page) && !stale.has(page)) || asked.has(page)) return;
    const askedIn = round;
    asked.add(page);
    try {
      const query = { ...queryOf(choice), offset: page * pageRows, limit: pageRows };
      const found = await client.leads(jobId, query);
      if (isClosed || askedIn !== round) return;
      pages.set(page, found.leads);
      stale.delete(page);
      for (const old of pages.keys()) {
        if (pages.size <= mostPages) break;
        if (!wanted.includes(old)) pages.delete(old);
      }
      total.value = found.total;
      failure.value = null;
      version.value += 1;
    } catch (error) {
      if (!isClosed && askedIn === round) failure.value = error;
    } finally {
      if (askedIn === round) asked.delete(page);
    }
  }

  void ask(0);
  return {
    total,
    version,
    failure,
    lead(row) {
      const page = pages.get(Math.floor(row / pageRows));
      return page === undefined ? undefined : (page[row % pageRows] ?? null);
    },
    want(from, to) {
      const first = Math.floor(from / pageRows);
      const last = Math.floor(Math.max(from, to - 1) / pageRows);
      wanted = Array.from({ length: last - first + 1 }, (_, index) => first + index);
      clearTimeout(timer);
      timer = setTimeout(() => {
        for (const page of wanted) void ask(page);
      }, restMs);
    },
    refresh() {
      round += 1;
      asked.clear();
      stale.clear();
      for (const page of pages.keys()) {
        if (wanted.includes(page)) stale.add(page);
        else pages.delete(page);
      }
      for (const page of wanted) void ask(page);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
