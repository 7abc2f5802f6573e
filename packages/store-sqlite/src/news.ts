import { numberOf } from "@cmo/store-sql";
import type { Connection } from "./connection.ts";

/** Tells listeners that something was written to a job: by this process at once, by another at the next poll. */
export interface News {
  /** See `Store.onNews`. */
  listen(jobId: string | null, ring: () => void): () => void;
  /** This process wrote to a job. */
  announce(jobId: string): void;
  /** Ends all listening. */
  close(): void;
}

/** What {@link createNews} needs. */
export interface NewsOptions {
  connection: Connection;
  /** The revision of a job, or null when it is not there. */
  revisionOf(jobId: string): number | null;
  /** How long after another process has written it is heard of. */
  pollMs: number;
}

interface Listener {
  readonly jobId: string | null;
  ring(): void;
  /** The revision that the listener knows of; undefined when it could not be read. */
  revision: number | null | undefined;
}

/**
 * {@link News}. While somebody listens, the database is asked every `pollMs` whether another connection has changed it,
 * which costs microseconds; only when one has, the jobs that are listened to are looked at. The timer keeps no process
 * alive.
 */
export function createNews({ connection, revisionOf, pollMs }: NewsOptions): News {
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | null = null;
  let version: number | undefined;
  let closed = false;

  function poll(): void {
    const current = readVersion();
    if (current === undefined || current === version) return;
    version = current;
    for (const listener of [...listeners]) {
      const revision = revisionFor(listener.jobId);
      if (listener.jobId !== null && revision !== undefined && revision === listener.revision) continue;
      listener.revision = revision;
      ring(listener);
    }
  }

  function readVersion(): number | undefined {
    return readOrUndefined(() => numberOf(connection.first("PRAGMA data_version")?.[0]));
  }

  function revisionFor(jobId: string | null): number | null | undefined {
    return jobId === null ? undefined : readOrUndefined(() => revisionOf(jobId));
  }

  /** A poll that fails, because somebody holds the database for a moment, is made up for by the next. */
  function readOrUndefined<T>(read: () => T): T | undefined {
    try {
      return connection.readNow(read);
    } catch {
      return undefined;
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

  function stopPolling(): void {
    if (timer !== null) clearInterval(timer);
    timer = null;
  }

  return {
    listen(jobId, ring) {
      if (closed) return () => {};
      if (timer === null) {
        version = readVersion();
        timer = setInterval(poll, pollMs).unref();
      }
      const listener: Listener = { jobId, ring, revision: revisionFor(jobId) };
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stopPolling();
      };
    },
    announce(jobId) {
      for (const listener of [...listeners]) {
        if (listener.jobId === null || listener.jobId === jobId) ring(listener);
      }
    },
    close() {
      closed = true;
      listeners.clear();
      stopPolling();
    },
  };
}
