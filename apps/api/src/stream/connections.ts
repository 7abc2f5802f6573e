import type { Clock } from "@cmo/engine";
import type { Context } from "hono";
import type { ApiEnv } from "../app/api-env.ts";
import type { ApiMeter, StreamForm } from "../operation/api-meter.ts";
import { RequestRefused } from "../request/request-refused.ts";
import type { Connection, ConnectionUser } from "./connection.ts";
import { type BodySink, createStreamBody } from "./stream-body.ts";
import { streamHeaders } from "./stream-headers.ts";
import { tickMs } from "./ticker.ts";

/** What {@link createConnections} is made of. */
export interface ConnectionsOptions {
  readonly clock: Clock;
  readonly meter: ApiMeter;
  /** How many may be open at once. */
  readonly limit: number;
  /** The longest silence on an open stream. */
  readonly pingMs: number;
  /** How long a reader may take nothing before it is cut off. */
  readonly writeDeadlineMs: number;
  /** There are streams now. */
  onOpened(): void;
}

/** All open streams: they are counted, kept alive, and cut off when nobody reads them. */
export interface Connections {
  count(): number;
  /** @throws RequestRefused 503 when there are too many, or after {@link Connections.close}. */
  assertRoom(): void;
  /** An answer that its user writes. @throws RequestRefused as {@link Connections.assertRoom}, and makes no user. */
  open(context: Context<ApiEnv>, form: StreamForm, createUser: () => ConnectionUser): Response;
  /** Cuts off who is too slow and says something to who hears nothing; says whether there are any left. */
  tick(now: number): boolean;
  /** Ends all with a hint to come back; resolves when they are over, or were cut off. */
  close(): Promise<void>;
}

/** How long a reader waits before it comes back, unless it knows better. */
const retryMs = 2_000;
/** How long streams may take to end when the server stops. */
const stopMs = 1_000;

const utf8 = (text: string) => Buffer.from(text);
const pings: Readonly<Record<StreamForm, Buffer>> = { sse: utf8(":\n\n"), ndjson: utf8("\n") };
const beginning = utf8(`retry: ${retryMs}\n\n`);
const comeBack = utf8("retry: 1000\n\n");

interface OpenStream {
  tick(now: number): void;
  stop(): void;
  cut(): void;
}

/** No {@link Connections} yet. */
export function createConnections(options: ConnectionsOptions): Connections {
  const { clock, meter, limit, pingMs, writeDeadlineMs, onOpened } = options;
  const streams = new Set<OpenStream>();
  let stopping = false;
  let emptied: (() => void) | null = null;

  function assertRoom(): void {
    if (stopping) throw refusal("api_unreachable", "The server is being stopped.", 1_000);
    if (streams.size >= limit) {
      throw refusal("rate_limited", `There are ${limit} open streams, and no room for more.`, 5_000);
    }
  }

  function remove(stream: OpenStream): void {
    streams.delete(stream);
    if (streams.size === 0) emptied?.();
  }

  return {
    count: () => streams.size,
    assertRoom,
    open(context, form, createUser) {
      assertRoom();
      const user = createUser();
      meter.readerOpened(form);
      let sink: BodySink | null = null;
      let blockedSince: number | null = null;
      let lastSentAt = clock.now();
      let closed = false;
      let why: "ended" | "left" | "dropped" | "stopped" = "left";
      let ending = false;

      const write = (bytes: Uint8Array) => {
        lastSentAt = clock.now();
        if (sink?.write(bytes) === false) blockedSince ??= lastSentAt;
      };
      const end = (reason: "ended" | "stopped", last?: Uint8Array) => {
        if (ending || closed || sink === null) return;
        ending = true;
        why = reason;
        if (last !== undefined) write(last);
        // What was sent has until the deadline to get out.
        blockedSince ??= clock.now();
        sink.end();
      };
      const drop = () => {
        if (closed) return;
        if (!ending) why = "dropped";
        ending = true;
        sink?.destroy();
      };

      const connection: Connection = {
        form,
        canTake: () => sink !== null && !closed && !ending && blockedSince === null,
        send: write,
        end: (reason) => end(reason),
        drop,
      };
      const stream: OpenStream = {
        tick(now) {
          if (blockedSince !== null) {
            if (now - blockedSince >= writeDeadlineMs) drop();
          } else if (connection.canTake() && now - lastSentAt >= pingMs - tickMs) {
            write(pings[form]);
          }
        },
        stop: () => end("stopped", form === "sse" ? comeBack : undefined),
        cut: drop,
      };
      const body = createStreamBody(context.env?.outgoing, {
        opened(opened) {
          sink = opened;
          if (form === "sse") write(beginning);
          if (stopping) stream.stop();
          else user.opened(connection);
        },
        ready() {
          if (!ending) blockedSince = null;
          user.ready();
        },
        closed() {
          closed = true;
          remove(stream);
          meter.readerClosed(form, why);
          user.closed();
        },
      });
      streams.add(stream);
      onOpened();
      return new Response(body, { headers: streamHeaders[form] });
    },
    tick(now) {
      for (const stream of streams) stream.tick(now);
      return streams.size > 0;
    },
    async close() {
      stopping = true;
      for (const stream of streams) stream.stop();
      if (streams.size > 0) {
        const grace = new AbortController();
        emptied = () => grace.abort();
        await clock.sleep(stopMs, grace.signal);
        for (const stream of streams) stream.cut();
      }
    },
  };
}

function refusal(code: "api_unreachable" | "rate_limited", message: string, retryAfterMs: number): Error {
  return new RequestRefused(code, message, {
    status: 503,
    hint: "Try again in a moment.",
    retryAfterMs,
    headers: { "Retry-After": String(retryAfterMs / 1_000) },
  });
}
