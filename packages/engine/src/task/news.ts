import type { Store } from "../port/store.ts";
import { type Bell, createBell } from "./bell.ts";
import { onAbort } from "./on-abort.ts";

/** A bell that rings at news about a job (null: about any), and when the signal aborts; until `off` is called. */
export function openNews(store: Store, jobId: string | null, signal?: AbortSignal): Bell & { off(): void } {
  const bell = createBell();
  const offNews = store.onNews(jobId, bell.ring);
  const offAbort = onAbort(signal, bell.ring);
  return {
    ...bell,
    off() {
      offAbort();
      offNews();
    },
  };
}
