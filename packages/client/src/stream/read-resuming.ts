import { CmoError } from "@cmo/engine";
import type { ApiLink } from "../http/api-link.ts";
import { jitterMs } from "../http/jitter.ts";
import type { Connection, ConnectionListener } from "./connection.ts";
import { createOutage } from "./outage.ts";
import { openConnection, readConnection } from "./read-connection.ts";
import type { StreamProtocol } from "./stream-protocol.ts";

/** How a stream is read. */
export interface ResumingOptions {
  readonly signal: AbortSignal;
  /** After so long without hearing of the server it ends with an error. */
  readonly giveUpAfterMs: number;
  readonly onConnection?: ConnectionListener | undefined;
}

/** A server that sends what is none of ours at the same place this often does so on purpose. */
const mostFaults = 5;

/**
 * Reads a stream to its end over as many connections as it takes. Ends when nothing more can come and when the signal
 * aborts. @throws CmoError what the API answers and waiting does not mend; `api_unreachable` after `giveUpAfterMs`.
 */
export async function* readResuming<T>(
  link: ApiLink,
  protocol: StreamProtocol<T>,
  { signal, giveUpAfterMs, onConnection }: ResumingOptions,
): AsyncGenerator<T, void, undefined> {
  const outage = createOutage(link.clock, link.timeoutMs + link.silenceMs);
  let attempt = 1;
  let faults = 0;
  let error: CmoError | null = null;
  const tell = (state: Connection["state"], retryInMs: number | null = null) =>
    onConnection?.({ state, attempt, error, retryInMs, downForMs: outage.downForMs() });
  const hearing = {
    opened() {
      error = null;
      protocol.opened();
      tell("live");
    },
    heard: outage.heard,
    advanced() {
      attempt = 1;
      faults = 0;
    },
  };

  try {
    for (; !signal.aborted; attempt += 1) {
      tell("connecting");
      outage.begin();
      const opened = await openConnection(link, protocol, signal);
      if (opened.ok) {
        if (opened.value === null) return;
        const end = yield* readConnection(link, opened.value, { protocol, hearing, signal });
        if (end.isOver || signal.aborted) return;
        error = end.error;
        if (end.isFault) faults += 1;
        if (faults >= mostFaults) throw error;
      } else {
        if (signal.aborted) return;
        error = opened.error;
        if (!mayMend(error, outage.wasHeard())) throw error;
      }
      // A connection that held for long is no sign of a server that ends them at once.
      if (outage.failed() >= link.backoff.maxDelayMs) attempt = 1;
      const leftMs = giveUpAfterMs - outage.downForMs();
      if (leftMs <= 0) throw lost(protocol, error, outage.downForMs());
      const wantedMs = (error.retryAfterMs ?? 0) + jitterMs(attempt, link.backoff, link.random);
      const waitMs = Math.min(wantedMs, leftMs);
      tell("waiting", waitMs);
      await outage.wait(waitMs, signal);
    }
  } catch (thrown) {
    if (thrown instanceof CmoError) error = thrown;
    throw thrown;
  } finally {
    tell("ended");
  }
}

/** A stranger's answer, where cmo was heard before, is that of a proxy while the server is away. */
function mayMend(error: CmoError, wasHeard: boolean): boolean {
  return error.retryable || (wasHeard && error.code === "api_unreachable");
}

function lost<T>({ lostMessage }: StreamProtocol<T>, last: CmoError, downForMs: number): CmoError {
  const seconds = Math.round(downForMs / 1_000);
  return new CmoError("api_unreachable", `${last.message} After ${seconds} s of trying: ${lostMessage}`, {
    ...(last.hint === null ? {} : { hint: last.hint }),
  });
}
