import type { CmoError } from "@cmo/engine";
import type { ApiLink } from "../http/api-link.ts";
import { type OpenAnswer, unreachable } from "../http/exchange.ts";
import { onAbort } from "../http/on-abort.ts";

/**
 * An answer's bytes as they come, read no further than they are taken. Closes the connection at the end, however it
 * comes about; when `stop` aborts, it ends. @throws CmoError `api_unreachable` when the connection breaks, and when the
 * other side is silent for too long while somebody waits for it.
 */
export async function* readPieces(
  link: ApiLink,
  { response, stop }: OpenAnswer,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (response.body === null) return;
  const { clock, silenceMs } = link;
  const reader = response.body.getReader();
  const over = new AbortController();
  // Null while nobody waits: a consumer who takes its time is not the other side's silence.
  let waitingSince: number | null = null;
  let isSilent = false;
  const cancel = () => {
    reader.cancel().catch(() => {});
  };
  // A `fetch` that was given to us may not care for signals; its body can be cancelled all the same.
  const off = onAbort(stop.signal, cancel);
  const watching = watchSilence();
  try {
    for (;;) {
      waitingSince = clock.now();
      const { done, value } = await reader.read().catch(broken);
      waitingSince = null;
      if (isSilent) throw silence();
      if (done) return;
      yield value;
    }
  } finally {
    over.abort();
    off();
    cancel();
    stop.abort();
    await watching;
  }

  async function watchSilence(): Promise<void> {
    while (!over.signal.aborted) {
      const silentMs = waitingSince === null ? 0 : clock.now() - waitingSince;
      if (silentMs >= silenceMs) {
        isSilent = true;
        stop.abort();
        return;
      }
      // A clock that was set back must not make the wait longer.
      await clock.sleep(Math.min(silenceMs, silenceMs - silentMs), over.signal);
    }
  }

  function broken(): never {
    throw isSilent ? silence() : unreachable(link, "broke the connection");
  }

  function silence(): CmoError {
    return unreachable(link, `was silent for ${silenceMs / 1_000} s`);
  }
}
