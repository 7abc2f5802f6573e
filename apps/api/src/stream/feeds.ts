import { type Clock, toCmoError } from "@cmo/engine";
import type { Log } from "@cmo/runtime";

/** Something that is read once for many readers. */
export interface Feed {
  readers(): number;
  /** Lets go of what was kept for a while. */
  tick(now: number): void;
  close(): void;
}

/** What a feed tells those who keep it. */
export interface FeedHooks {
  /** It could not go on: it has closed, and ended the streams of its readers. */
  onFailed(error: unknown): void;
  /** Its last reader has left. */
  onIdle(): void;
}

/** What {@link createFeeds} is made of. */
export interface FeedsOptions<F extends Feed> {
  readonly clock: Clock;
  readonly log: Log;
  /** What stands in the log when a feed fails, and the name of the fact that tells which. */
  readonly failure: { readonly message: string; readonly fact: string };
  open(key: string, hooks: FeedHooks): Promise<F>;
}

/** The feeds that somebody reads, by what they are of. */
export interface Feeds<F extends Feed> {
  /** @throws what the feed's opening throws. */
  of(key: string): Promise<F>;
  tick(now: number): void;
  close(): void;
}

/** How long a feed waits for a reader to come back. */
const idleMs = 5_000;

/** No {@link Feeds} yet: there is one for each key while it is read, and a little longer. */
export function createFeeds<F extends Feed>({ clock, log, failure, open }: FeedsOptions<F>): Feeds<F> {
  const feeds = new Map<string, Promise<F>>();
  const opened = new Set<F>();
  const closing = new AbortController();

  function start(key: string): Promise<F> {
    let feed: F | null = null;
    const putAway = () => {
      if (feeds.get(key) === opening) feeds.delete(key);
      if (feed !== null) opened.delete(feed);
    };
    const closeWhenIdle = async () => {
      await clock.sleep(idleMs, closing.signal);
      if (feed === null || !opened.has(feed) || feed.readers() > 0) return;
      putAway();
      feed.close();
    };
    const opening = open(key, {
      onFailed(error) {
        // Its readers come back, and then it is tried anew.
        putAway();
        const { code, message } = toCmoError(error);
        if (code !== "not_found") log.warn(failure.message, { [failure.fact]: key, code, error: message });
      },
      onIdle: () => void closeWhenIdle(),
    });
    feeds.set(key, opening);
    opening.then((ready) => {
      feed = ready;
      opened.add(ready);
      // Whoever asked for it may be gone before it was there.
      void closeWhenIdle();
    }, putAway);
    return opening;
  }

  return {
    of: (key) => feeds.get(key) ?? start(key),
    tick(now) {
      for (const feed of opened) feed.tick(now);
    },
    close() {
      closing.abort();
      for (const feed of opened) feed.close();
      opened.clear();
      feeds.clear();
    },
  };
}
