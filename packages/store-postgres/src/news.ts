import pg from "pg";

/** Tells listeners that something was written to a job: by this process at once, by another as soon as it is told. */
export interface News {
  /** See `Store.onNews`. */
  listen(jobId: string | null, ring: () => void): () => void;
  /** This process wrote to a job. */
  announce(jobId: string): void;
  /** Ends all listening. */
  close(): Promise<void>;
}

/** What {@link createNews} needs. */
export interface NewsOptions {
  /** A direct connection: what hands connections on from one transaction to the next tells no news. */
  readonly url: string;
  readonly channel: string;
  /** How often the connection is looked at, and, while there is none, everybody rung for, in milliseconds. */
  readonly everyMs: number;
}

/** The channel of a schema's news. */
export function newsChannel(schema: string): string {
  return `cmo news ${schema}`;
}

interface Listener {
  readonly jobId: string | null;
  ring(): void;
}

/**
 * {@link News} over LISTEN and NOTIFY: a doorbell, and the log is the truth. One connection while anybody listens. It is
 * asked for a sign of life every `everyMs`, so that one which is dead without a word is noticed; while there is none, and
 * after it came back, everybody is rung for, as nobody knows what was missed.
 */
export function createNews({ url, channel, everyMs }: NewsOptions): News {
  const listeners = new Set<Listener>();
  let client: pg.Client | null = null;
  let isOpening = false;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function ringAll(jobId: string | null): void {
    for (const listener of [...listeners]) {
      if (jobId === null || listener.jobId === null || listener.jobId === jobId) ring(listener);
    }
  }

  function ring(listener: Listener): void {
    if (!listeners.has(listener)) return;
    try {
      listener.ring();
    } catch (error) {
      // A bell that breaks cannot undo what was written; its owner still hears of it.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  async function open(): Promise<void> {
    if (isOpening || client !== null || closed || listeners.size === 0) return;
    isOpening = true;
    const opened = new pg.Client({
      connectionString: url,
      application_name: "cmo news",
      connectionTimeoutMillis: everyMs * 5,
      query_timeout: everyMs * 5,
      keepAlive: true,
    });
    opened.on("error", () => drop(opened));
    opened.on("end", () => drop(opened));
    opened.on("notification", ({ payload }) => ringAll(payload ?? null));
    try {
      await opened.connect();
      await opened.query(`LISTEN "${channel}"`);
      // Nobody waits for a process that only listens.
      (opened as unknown as { connection: { stream: { unref?(): void } } }).connection.stream.unref?.();
      if (closed || listeners.size === 0) await opened.end();
      else client = opened;
      ringAll(null);
    } catch {
      drop(opened);
    } finally {
      isOpening = false;
    }
  }

  function drop(gone: pg.Client): void {
    if (client === gone) client = null;
    gone.removeAllListeners("notification");
    gone.end().catch(() => {});
  }

  function look(): void {
    if (client === null) {
      // Without a connection whoever waits looks for himself.
      ringAll(null);
      void open();
      return;
    }
    const asked = client;
    asked.query("SELECT 1").catch(() => drop(asked));
  }

  function stop(): void {
    if (timer !== null) clearInterval(timer);
    timer = null;
    if (client !== null) drop(client);
  }

  return {
    listen(jobId, onNews) {
      if (closed) return () => {};
      const listener: Listener = { jobId, ring: onNews };
      listeners.add(listener);
      timer ??= setInterval(look, everyMs).unref();
      void open();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    announce: (jobId) => ringAll(jobId),
    async close() {
      closed = true;
      listeners.clear();
      const last = client;
      stop();
      await last?.end().catch(() => {});
    },
  };
}
