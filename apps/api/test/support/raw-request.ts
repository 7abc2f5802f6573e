import { connect } from "node:net";

/** What came back on a connection. */
export interface RawAnswer {
  /** Everything, as Latin-1. */
  readonly text: string;
  /** The statuses of the answers, in order. */
  readonly statuses: readonly number[];
  /** After how many milliseconds the other side closed it; null when we did. */
  readonly closedAfterMs: number | null;
  /** How many bytes of ours were taken. */
  readonly sentBytes: number;
}

/** How a request goes over the wire. */
export interface RawOptions {
  readonly port: number;
  /** Written one after the other, as fast as the other side takes them. */
  readonly pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;
  /** We close when there is an answer and nothing came for so long. Default 300 ms. */
  readonly quietMs?: number;
  /** We close after this, whatever happens. Default 60,000 ms. */
  readonly withinMs?: number;
}

/** Sends bytes, whatever they are, and gives what comes back. */
export function rawRequest({
  port,
  pieces,
  quietMs = 300,
  withinMs = 60_000,
}: RawOptions): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const socket = connect(port, "127.0.0.1");
    let text = "";
    let sentBytes = 0;
    let isOver = false;
    let quiet: NodeJS.Timeout | undefined;
    const finish = (closedAfterMs: number | null) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(quiet);
      clearTimeout(limit);
      socket.destroy();
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
      resolve({ text, statuses, closedAfterMs, sentBytes });
    };
    const limit = setTimeout(() => finish(null), withinMs);
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      clearTimeout(quiet);
      quiet = setTimeout(() => finish(null), quietMs);
    });
    // A reset after the answer is an end like any other.
    socket.on("error", () => {});
    socket.on("close", () => finish(performance.now() - startedAt));
    void (async () => {
      for await (const piece of pieces) {
        if (isOver || socket.destroyed) return;
        sentBytes += piece.length;
        if (!socket.write(piece)) await drained();
      }
    })();
    function drained(): Promise<void> {
      return new Promise((resume) => {
        socket.once("drain", resume);
        socket.once("close", () => resume());
      });
    }
  });
}
