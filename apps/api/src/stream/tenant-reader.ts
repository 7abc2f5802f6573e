import type { Connection, ConnectionUser } from "./connection.ts";
import type { EventPage } from "./event-page.ts";
import type { EventView } from "./event-view.ts";

/** What a reader of many jobs needs. */
export interface TenantReaderOptions {
  readonly view: EventView;
  /** Null for all jobs. */
  readonly jobIds: ReadonlySet<string> | null;
  onOpened(): void;
  onClosed(): void;
}

/** One who reads the events of many jobs. */
export interface TenantReader {
  readonly user: ConnectionUser;
  /** Null for all jobs. */
  readonly jobIds: ReadonlySet<string> | null;
  readonly form: EventView["form"];
  /** Hands over how the jobs stand, as whole frames. */
  begin(snapshots: readonly Buffer[]): void;
  /** What follows of the job up to this seq is in its snapshot already. */
  skipTo(jobId: string, seq: number): void;
  /** Hands over what it wants of a page behind `after`. */
  offer(jobId: string, page: EventPage, after: number): void;
  /** Ends its stream; it comes back by itself. */
  stop(): void;
}

/** How much of what others have read may wait for it. Then it is cut off, and begins again with snapshots. */
const mostWaitingBytes = 1_048_576;
/** At most so many bytes of those that have waited are handed over at once. */
const pieceBytes = 65_536;

/**
 * A reader of many logs, which have no place to come back to: what it does not take waits for it, and when that is too
 * much, it is dropped.
 */
export function createTenantReader(options: TenantReaderOptions): TenantReader {
  const { view, jobIds } = options;
  const skipped = new Map<string, number>();
  let connection: Connection | null = null;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let mostBytes = mostWaitingBytes;

  function push(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    if (waiting.length === 0 && connection?.canTake() === true) {
      connection.send(bytes);
      return;
    }
    waiting.push(bytes);
    waitingBytes += bytes.byteLength;
    if (waitingBytes <= mostBytes) return;
    forget();
    connection?.drop();
  }

  function flush(): void {
    while (waiting.length > 0 && connection?.canTake() === true) {
      let count = 0;
      let bytes = 0;
      do {
        bytes += waiting[count]?.byteLength ?? 0;
        count += 1;
      } while (count < waiting.length && bytes + (waiting[count]?.byteLength ?? 0) <= pieceBytes);
      waitingBytes -= bytes;
      connection.send(Buffer.concat(waiting.splice(0, count)));
    }
  }

  function forget(): void {
    waiting = [];
    waitingBytes = 0;
  }

  return {
    jobIds,
    form: view.form,
    begin(snapshots) {
      // They were asked for, however many they are; the bound is for what comes after.
      for (const snapshot of snapshots) mostBytes += snapshot.byteLength;
      waiting.push(...snapshots);
      waitingBytes = mostBytes - mostWaitingBytes;
      flush();
    },
    skipTo: (jobId, seq) => void skipped.set(jobId, seq),
    offer(jobId, page, after) {
      if (jobIds !== null && !jobIds.has(jobId)) return;
      const known = skipped.get(jobId) ?? 0;
      if (known > 0 && known <= page.last) skipped.delete(jobId);
      const from = Math.max(after, known);
      if (from < page.last) push(page.piece(view, from, Number.POSITIVE_INFINITY).bytes);
    },
    stop: () => connection?.end("stopped"),
    user: {
      opened(open) {
        connection = open;
        options.onOpened();
      },
      ready: flush,
      closed() {
        forget();
        options.onClosed();
      },
    },
  };
}
