import { CmoError } from "@cmo/engine";
import type { ApiLink } from "../http/api-link.ts";
import { type Exchange, exchange, type OpenAnswer, unreachable } from "../http/exchange.ts";
import { notOurs, successful } from "../http/failed-answer.ts";
import { onAbort } from "../http/on-abort.ts";
import { readPieces } from "./read-pieces.ts";
import { createLineSplitter, LineFault } from "./split-lines.ts";
import type { StreamProtocol } from "./stream-protocol.ts";

/** How one connection of a stream ended: nothing more can come, or it is to be read on, and what was wrong. */
export type ConnectionEnd =
  | { readonly isOver: true }
  | { readonly isOver: false; readonly error: CmoError; readonly isFault: boolean };

/** What happens on a connection. */
export interface ConnectionHearing {
  opened(): void;
  /** Something came, and again when it has been taken. */
  heard(): void;
  /** Something new is about to be given. */
  advanced(): void;
}

/** Asks for the stream; null when the server says that nothing more will come. */
export function openConnection<T>(
  link: ApiLink,
  protocol: StreamProtocol<T>,
  signal: AbortSignal,
): Promise<Exchange<OpenAnswer | null>> {
  const call = { method: "GET", path: protocol.path(), headers: { accept: mediaType } } as const;
  return exchange(link, call, accepted, signal);

  async function accepted(answer: OpenAnswer): Promise<OpenAnswer | null> {
    const { status, headers } = await successful(link, answer.response);
    if (status === 204) return null;
    if (headers.get("content-type")?.startsWith(mediaType)) return answer;
    throw notOurs(link, "answered something else than a stream of events");
  }
}

/** Gives what comes over one connection until it ends, and then how it ended. Leaves nothing open. */
export async function* readConnection<T>(
  link: ApiLink,
  answer: OpenAnswer,
  options: {
    readonly protocol: StreamProtocol<T>;
    readonly hearing: ConnectionHearing;
    readonly signal: AbortSignal;
  },
): AsyncGenerator<T, ConnectionEnd, undefined> {
  const { protocol, hearing, signal } = options;
  const off = onAbort(signal, () => answer.stop.abort());
  const linesOf = createLineSplitter();
  try {
    hearing.opened();
    for await (const piece of readPieces(link, answer)) {
      hearing.heard();
      for (const line of linesOf(piece)) {
        if (signal.aborted) return { isOver: true };
        if (isPing(line)) continue;
        const reading = protocol.read(line);
        if (reading.kind === "fault") return faulty(link, protocol, reading.message);
        if (reading.kind === "seen") continue;
        hearing.advanced();
        // Before it is given: whoever takes the last one need not ask for more, and leaves nothing open.
        if (reading.isLast) answer.stop.abort();
        yield reading.item;
        if (reading.isLast) return { isOver: true };
      }
      hearing.heard();
    }
    return { isOver: false, error: unreachable(link, "ended the stream early"), isFault: false };
  } catch (thrown) {
    if (thrown instanceof LineFault) return faulty(link, protocol, thrown.message);
    if (thrown instanceof CmoError) return { isOver: false, error: thrown, isFault: false };
    throw thrown;
  } finally {
    off();
    answer.stop.abort();
  }
}

const mediaType = "application/x-ndjson";

/** An empty line says that the server is there; a proxy may have put a carriage return into it. */
function isPing(line: string): boolean {
  return line === "" || line === "\r";
}

function faulty<T>(link: ApiLink, { about }: StreamProtocol<T>, message: string): ConnectionEnd {
  return { isOver: false, error: notOurs(link, `sent ${message} among ${about}`), isFault: true };
}
