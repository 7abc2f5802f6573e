import { asKnownEvent, type CmoError, type Job, type JobEvent, type JobWrite } from "@cmo/engine";
import type { RequestLogEntry } from "@cmo/github";
import type { JobObserver } from "../store/observe-jobs.ts";
import type { RunListener } from "./run-listener.ts";

/** What tells {@link RunListener}s. */
export interface RunFollower {
  /** For the store. */
  readonly observer: JobObserver;
  /** For the sources. */
  onRequest(entry: RequestLogEntry): void;
  /** Resolves when the listeners have heard everything. */
  settle(): Promise<void>;
}

type News =
  | { readonly kind: "taken" | "released"; readonly job: Job }
  | { readonly kind: "lost"; readonly jobId: string }
  | { readonly kind: "passed over"; readonly jobId: string; readonly fault: CmoError }
  | {
      readonly kind: "written";
      readonly written: JobWrite;
      readonly missed: (() => Promise<readonly JobEvent[]>) | null;
    }
  | { readonly kind: "request"; readonly entry: RequestLogEntry };

/** How much is told before everybody else in the process has a turn. */
const newsPerTurn = 500;

/**
 * Tells listeners what happens to jobs. Whoever brings news goes on at once; the news is told in later turns of the
 * process, in its order. Nothing is read again for it, but what was written without an answer.
 */
export function followRuns(
  listeners: readonly RunListener[],
  onFailure: (error: unknown) => void,
): RunFollower {
  const listening = new Set(listeners);
  let waiting: News[] = [];
  let telling: Promise<void> | null = null;

  function add(news: News): void {
    waiting.push(news);
    telling ??= tellAll();
  }

  async function tellAll(): Promise<void> {
    while (waiting.length > 0) {
      await nextTurn();
      const batch = waiting.slice(0, newsPerTurn);
      waiting = waiting.slice(newsPerTurn);
      for (const news of batch) await tell(news);
    }
    telling = null;
  }

  async function tell(news: News): Promise<void> {
    switch (news.kind) {
      case "taken":
        return each((listener) => listener.onTaken?.(news.job));
      case "released":
        return each((listener) => listener.onReleased?.(news.job));
      case "lost":
        return each((listener) => listener.onLost?.(news.jobId));
      case "passed over":
        return each((listener) => listener.onPassedOver?.(news.jobId, news.fault));
      case "request":
        return each((listener) => listener.onRequest?.(news.entry));
      case "written": {
        // What cannot be read any more, after an erase, is told to nobody.
        const missed = news.missed === null ? [] : await news.missed().catch(() => []);
        for (const event of [...missed, ...news.written.events]) tellEvent(event, news.written.job);
        return;
      }
      default:
        return news satisfies never;
    }
  }

  function tellEvent(event: JobEvent, job: Job): void {
    const known = asKnownEvent(event);
    if (known !== null) each((listener) => listener.onEvent?.(known, job));
  }

  function each(say: (listener: RunListener) => void): void {
    for (const listener of listening) {
      try {
        say(listener);
      } catch (error) {
        listening.delete(listener);
        onFailure(error);
      }
    }
  }

  return {
    observer: {
      onTaken: (job) => add({ kind: "taken", job }),
      onReleased: (job) => add({ kind: "released", job }),
      onLost: (jobId) => add({ kind: "lost", jobId }),
      onPassedOver: (jobId, fault) => add({ kind: "passed over", jobId, fault }),
      onWritten: (written, missed) => add({ kind: "written", written, missed }),
    },
    onRequest: (entry) => add({ kind: "request", entry }),
    async settle() {
      while (telling !== null) await telling;
    },
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
