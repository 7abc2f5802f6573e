import type { EventPage } from "./event-page.ts";

/** What a shelf may hold. */
export interface ShelfLimits {
  readonly pages: number;
  readonly bytes: number;
}

/** The pages that readers are likely to ask for next. Whatever is not there is read again. */
export interface PageShelf {
  /** The page that holds this event. */
  find(seq: number): EventPage | null;
  /** Puts a page on the shelf, and the oldest away when there are too many. */
  put(page: EventPage, now: number): void;
  /** Puts away what was put here before this time. */
  expire(before: number): void;
  clear(): void;
}

/** An empty {@link PageShelf}. */
export function createPageShelf(limits: ShelfLimits): PageShelf {
  let slots: { readonly page: EventPage; readonly since: number }[] = [];
  let bytes = 0;

  function dropOldest(): void {
    bytes -= slots.shift()?.page.byteLength ?? 0;
  }

  return {
    find(seq) {
      // The newest first: that is where almost everybody reads.
      for (let index = slots.length - 1; index >= 0; index -= 1) {
        const page = slots[index]?.page;
        if (page !== undefined && page.first <= seq && seq <= page.last) return page;
      }
      return null;
    },
    put(page, now) {
      slots.push({ page, since: now });
      bytes += page.byteLength;
      while (slots.length > 1 && (slots.length > limits.pages || bytes > limits.bytes)) dropOldest();
    },
    expire(before) {
      while (slots.length > 0 && (slots[0]?.since ?? before) < before) dropOldest();
    },
    clear() {
      slots = [];
      bytes = 0;
    },
  };
}
