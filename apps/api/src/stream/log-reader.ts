import { CmoError, type Store } from "@cmo/engine";
import { createEventPage, type EventPage } from "./event-page.ts";
import { createPageShelf } from "./page-shelf.ts";

/** How many events are read at once. */
const blockEvents = 64;
/** How long encoded events are kept for those who come a little later. What is erased is gone after that, too. */
const keepMs = 2_000;

/** Reads one job's log for all of its readers, each part of it once. */
export interface LogReader {
  /** The seq up to which everything was offered to readers. */
  head(): number;
  /** The page that holds this event, when it was read a short while ago. */
  find(seq: number): EventPage | null;
  /** Reads the page that holds the event after this one, which is known to be there. Once for all who wait for it. */
  load(after: number): Promise<EventPage>;
  /** The next page behind the head, which is then its end; null when there is none yet. `more`: there may be another. */
  next(): Promise<{ readonly page: EventPage; readonly more: boolean } | null>;
  expire(now: number): void;
  clear(): void;
}

/** A {@link LogReader} of a log whose last event is `head`. */
export function createLogReader(store: Store, jobId: string, start: number, now: () => number): LogReader {
  // Apart, so that somebody who reads a long history does not push out what everybody else is about to read.
  const live = createPageShelf({ pages: 256, bytes: 1_048_576 });
  const history = createPageShelf({ pages: 8, bytes: 1_048_576 });
  const loading = new Map<number, Promise<EventPage>>();
  let head = start;

  async function readBlock(block: number, after: number): Promise<EventPage> {
    const page = createEventPage(await store.readEvents(jobId, block, blockEvents), block);
    if (page.last <= after) {
      throw new CmoError("invariant_violated", `The log of ${jobId} ends at ${page.last}, not at ${head}.`);
    }
    history.put(page, now());
    return page;
  }

  return {
    head: () => head,
    find: (seq) => live.find(seq) ?? history.find(seq),
    load(after) {
      // Blocks begin at the same places for everybody, so that readers at different places share them.
      const block = after - (after % blockEvents);
      const known = loading.get(block);
      if (known !== undefined) return known;
      const reading = readBlock(block, after).finally(() => loading.delete(block));
      loading.set(block, reading);
      return reading;
    },
    async next() {
      const events = await store.readEvents(jobId, head, blockEvents);
      if (events.length === 0) {
        // Something was written that is no event: perhaps events were erased.
        live.clear();
        history.clear();
        return null;
      }
      const page = createEventPage(events, head);
      head = page.last;
      live.put(page, now());
      return { page, more: events.length === blockEvents };
    },
    expire(now) {
      live.expire(now - keepMs);
      history.expire(now - keepMs);
    },
    clear() {
      live.clear();
      history.clear();
    },
  };
}
