import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { nullable, numberOf, textOf } from "@cmo/store-sql";
import pg from "pg";
import type { Session } from "./database.ts";

/** Tells listeners that something was written to a job: by this process at once, by another as soon as it is told. */
export interface News {
  /** See `Store.onNews`. */
  listen(jobId: string | null, ring: () => void): () => void;
  /** This process has written to these jobs, and it is committed: all who listen anywhere are told. */
  announce(jobIds: Iterable<string>): void;
  /** Ends all listening, once everything that was announced is told. */
  close(): Promise<void>;
}

/** What {@link createNews} needs. */
export interface NewsOptions {
  /** A direct connection: what hands connections on from one transaction to the next tells no news. */
  readonly url: string;
  /** Where the database is told, and asked. */
  readonly session: Session;
  /** Stores in one database do not hear each other. */
  readonly schema: string;
  /** How often it is looked at what nobody told of, and whether the connection lives, in milliseconds. */
  readonly everyMs: number;
}

/** The channel of a schema's news. */
export function newsChannel(schema: string): string {
  return `cmo news ${schema}`;
}

/**
 * {@link News} over LISTEN and NOTIFY: a doorbell, and the log is the truth. One connection listens while anybody does; it
 * is asked for a sign of life every `everyMs`, so that one which is dead without a word is noticed. At the same time the
 * jobs that are listened to are looked at, all in one statement: whoever wrote may have died before it told, or a
 * connection have been lost, or news do not come through at all; then they are this late.
 *
 * NOTIFY goes in a transaction of its own, after what it tells of: in one that writes it would make all writers wait for
 * each other's commit (PostgreSQL keeps notifications in the order of commits by a lock of the whole database). What is
 * announced while one is on its way goes with the next.
 */
export function createNews({ url, session, schema, everyMs }: NewsOptions): News {
  const channel = newsChannel(schema);
  const self = randomUUID();
  /** By job; null for those who listen to any. */
  const listeners = new Map<string | null, Set<Listener>>();
  /** How the jobs that are listened to stood at the last look; under null the newest job. */
  let seen: ReadonlyMap<string | null, number> = new Map();
  let untold = new Set<string>();
  let telling: Promise<void> | null = null;
  let looking = false;
  let client: pg.Client | null = null;
  let isOpening = false;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function ringFor(jobId: string | null): void {
    for (const listener of [...(listeners.get(jobId) ?? [])]) ring(listener);
  }

  function ringJob(jobId: string): void {
    ringFor(jobId);
    ringFor(null);
  }

  function ringAll(): void {
    for (const jobId of [...listeners.keys()]) ringFor(jobId);
  }

  function ring(listener: Listener): void {
    if (listener.isOver) return;
    try {
      listener.ring();
    } catch (error) {
      // A bell that breaks cannot undo what was written; its owner still hears of it.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  async function tell(): Promise<void> {
    while (untold.size > 0) {
      const payloads = [...untold].map((jobId) => `${self} ${jobId}`);
      untold = new Set();
      // What cannot be told is found by the others' looks.
      await session
        .all("SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS given (payload)", [channel, payloads])
        .catch(() => {});
      // Whoever writes a lot tells of it a little later, and less often.
      if (untold.size > 0 && !closed) await wait(betweenMs);
    }
    telling = null;
  }

  function hear(payload: string): void {
    const space = payload.indexOf(" ");
    // What this process has written, it has rung for already.
    if (payload.slice(0, space) !== self) ringJob(payload.slice(space + 1));
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
    opened.on("notification", ({ payload = "" }) => hear(payload));
    try {
      await opened.connect();
      await opened.query(`LISTEN "${channel}"`);
      // Nobody waits for a process that only listens.
      (opened as unknown as { connection: { stream: { unref?(): void } } }).connection.stream.unref?.();
      if (closed || listeners.size === 0) await opened.end();
      else client = opened;
      // Nobody knows what was missed.
      ringAll();
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
    const asked = client;
    if (asked === null) void open();
    else asked.query("SELECT 1").catch(() => drop(asked));
    if (!looking) void lookAtJobs();
  }

  async function lookAtJobs(): Promise<void> {
    looking = true;
    try {
      const jobIds = [...listeners.keys()].filter((jobId) => jobId !== null);
      const rows = await session.all(selectRevisions, [jobIds]);
      const before = seen;
      seen = new Map(rows.map(([jobId, revision]) => [nullable(jobId, textOf), numberOf(revision)]));
      let isNew = false;
      for (const jobId of [...jobIds, null]) {
        // One that is looked at for the first time may have changed since its listener read it.
        if (before.get(jobId) === seen.get(jobId)) continue;
        isNew = true;
        if (jobId !== null) ringFor(jobId);
      }
      if (isNew) ringFor(null);
    } catch {
      // Whoever waits for a database that is away has to wait for it.
    } finally {
      looking = false;
    }
  }

  function stop(): void {
    if (timer !== null) clearInterval(timer);
    timer = null;
    if (client !== null) drop(client);
  }

  return {
    listen(jobId, onNews) {
      if (closed) return () => {};
      const listener: Listener = { ring: onNews, isOver: false };
      const same = listeners.get(jobId) ?? new Set();
      listeners.set(jobId, same.add(listener));
      timer ??= setInterval(look, everyMs).unref();
      void open();
      return () => {
        listener.isOver = true;
        same.delete(listener);
        if (same.size === 0 && listeners.get(jobId) === same) listeners.delete(jobId);
        if (listeners.size === 0) stop();
      };
    },
    announce(jobIds) {
      for (const jobId of jobIds) {
        untold.add(jobId);
        ringJob(jobId);
      }
      if (untold.size === 0) return;
      telling ??= tell();
    },
    async close() {
      closed = true;
      await telling;
      listeners.clear();
      const last = client;
      stop();
      await last?.end().catch(() => {});
    },
  };
}

/** Between two notices, in milliseconds; the first goes at once. */
const betweenMs = 5;

interface Listener {
  ring(): void;
  isOver: boolean;
}

/** How the jobs stand, and which is the newest of all. */
const selectRevisions = `SELECT id, revision FROM @.job WHERE id = ANY($1::text[])
  UNION ALL SELECT NULL, coalesce(max(ordinal), 0) FROM @.job`;
