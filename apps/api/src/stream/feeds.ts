import { type Clock, toCmoError } from "@cmo/engine";
import type { Log } from "@cmo/runtime";

/** Something that is read once for many readers. */
export interface Feed {
  readers(): number;
  /** Lets go of what was kept for a while. */
  tick(now: number): void;
  close(): void;
}

/** What {@link createFeeds} is made of. */
export interface FeedsOptions<F extends Feed> {
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  /** What stands in the log when a feed fails, and the name of the fact that tells which. */
  readonly failure: { readonly message: string; readonly fact: string };
  /** `onFailed` is told when the feed cannot go on; it has closed then, and ended the streams of its readers. */
  open(key: string, onFailed: (error: unknown) => void): Promise<F>;
  /** There are feeds now. */
  onOpened(): void;
}

/** The feeds that somebody reads, by what they are of. */
export interface Feeds<F extends Feed> {
  /** @throws what the feed's byKey throws. */
  of(key: string): Promise<F>;
  /** Puts away those that nobody reads any more; says whether there are any left. */
  tick(now: number): boolean;
  close(): void;
}

/** How long a feed waits for a reader to come back. */
const idleMs = 5_000;

/** No {@link Feeds} yet: there is one for each key while it is read, and a little longer. */
export function createFeeds<F extends Feed>(options: FeedsOptions<F>): Feeds<F> {
  const { clock, log, failure, open, onOpened } = options;
  const byKey = new Map<string, Promise<F>>();
  const opened = new Map<F, { readonly key: string; usedAt: number }>();
  let closed = false;

  function start(key: string): Promise<F> {
    let feed: F | null = null;
    const forget = () => {
      if (byKey.get(key) === found) byKey.delete(key);
      if (feed !== null) opened.delete(feed);
    };
    const found = open(key, (error) => {
      // Its readers come back, and then it is tried anew.
      forget();
      const { code, message } = toCmoError(error);
      if (code !== "not_found") log.warn(failure.message, { [failure.fact]: key, code, error: message });
    });
    byKey.set(key, found);
    found.then((ready) => {
      if (closed) return ready.close();
      feed = ready;
      opened.set(ready, { key, usedAt: clock.now() });
      onOpened();
    }, forget);
    return found;
  }

  return {
    of: (key) => byKey.get(key) ?? start(key),
    tick(now) {
      for (const [feed, use] of opened) {
        feed.tick(now);
        if (feed.readers() > 0) use.usedAt = now;
        if (now - use.usedAt < idleMs) continue;
        opened.delete(feed);
        byKey.delete(use.key);
        feed.close();
      }
      return opened.size > 0;
    },
    close() {
      closed = true;
      for (const feed of opened.keys()) feed.close();
      opened.clear();
      byKey.clear();
    },
  };
}
