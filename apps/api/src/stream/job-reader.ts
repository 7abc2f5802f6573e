import type { Connection, ConnectionUser } from "./connection.ts";
import type { EventPage } from "./event-page.ts";
import type { EventView } from "./event-view.ts";
import type { LogReader } from "./log-reader.ts";

/** What a reader needs of its feed. */
export interface JobReaderOptions {
  readonly log: Pick<LogReader, "head" | "find" | "load">;
  readonly view: EventView;
  /** The seq of the last event that it has. */
  readonly after: number;
  /** Whether the head of the log is its end. */
  hasEnded(): boolean;
  /** The log cannot be read. */
  onFailed(error: unknown): void;
  onOpened(): void;
  onClosed(): void;
}

/** One who reads a job's log. */
export interface JobReader {
  readonly user: ConnectionUser;
  /** Hands over what there is, as far as it is taken. */
  advance(): void;
  /** Ends its stream; it comes back by itself. */
  stop(): void;
}

/** At most so many bytes are handed over at once. */
const pieceBytes = 131_072;

/**
 * A reader at its own place in the log. The log is its queue: what is not taken is not handed over, so that one who
 * stops reading costs what its socket holds, and goes on where it was.
 */
export function createJobReader(options: JobReaderOptions): JobReader {
  const { log, view, hasEnded } = options;
  let connection: Connection | null = null;
  let cursor = options.after;
  let loading = false;

  function advance(): void {
    while (!loading && connection?.canTake() === true) {
      if (cursor >= log.head()) {
        if (hasEnded()) connection.end("ended");
        return;
      }
      const page = log.find(cursor + 1);
      if (page === null) load();
      else take(connection, page);
    }
  }

  function take(open: Connection, page: EventPage): void {
    const piece = page.piece(view, cursor, pieceBytes);
    cursor = piece.last;
    // Of other channels: there may be nothing to say.
    if (piece.bytes.byteLength > 0) open.send(piece.bytes);
  }

  function load(): void {
    loading = true;
    log.load(cursor).then((page) => {
      loading = false;
      // At once: the page may be put away again before it is looked for.
      if (connection?.canTake() === true) take(connection, page);
      advance();
    }, options.onFailed);
  }

  return {
    advance,
    stop: () => connection?.end("stopped"),
    user: {
      opened(open) {
        connection = open;
        options.onOpened();
        advance();
      },
      ready: advance,
      closed: options.onClosed,
    },
  };
}
