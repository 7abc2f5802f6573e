import type { Clock } from "@cmo/engine";
import { onAbort } from "../http/until-aborted.ts";

/** How a body is read. */
export interface ReadPiecesOptions {
  readonly clock: Clock;
  /** So long may the other side be silent while somebody waits for it, in milliseconds. */
  readonly silenceMs: number;
  /** Closes the connection; what waits ends. */
  readonly stop: AbortController;
}

/** Thrown by {@link readPieces} when nothing came for too long. */
export const silent = Symbol("silent");

/**
 * A body's bytes as they come, read no further than they are taken. Closes the connection at the end, however it comes
 * about. Throws what the connection breaks with, or {@link silent}.
 */
export async function* readPieces(
  body: ReadableStream<Uint8Array>,
  { clock, silenceMs, stop }: ReadPiecesOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  const over = new AbortController();
  // Null while nobody waits: a consumer who takes its time is not the other side's silence.
  let waitingSince: number | null = null;
  let isSilent = false;
  const cancel = () => {
    reader.cancel().catch(() => {});
  };
  const off = onAbort(stop.signal, cancel);
  const watching = watchSilence();
  try {
    for (;;) {
      waitingSince = clock.now();
      const { done, value } = await reader.read();
      waitingSince = null;
      if (isSilent) throw silent;
      if (done) return;
      yield value;
    }
  } catch (thrown) {
    throw isSilent ? silent : thrown;
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
}
