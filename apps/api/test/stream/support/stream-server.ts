import type { EventDraft, Store } from "@cmo/engine";
import { buildNewJob, queuedDraft } from "@cmo/engine/testing";
import { createNodeHost, openRuntime, type StoredRuntime } from "@cmo/runtime";
import { Hono } from "hono";
import { type ApiEnv, type ApiParts, apiPartsOf, createApp } from "../../../src/index.ts";
import { type ListeningApp, listen } from "../../../src/server/listen.ts";
import { createEventStreams, type EventStreamsOptions } from "../../../src/stream/create-event-streams.ts";

/** The API over a store, with streams that a test has set up. */
export interface StreamServer {
  readonly runtime: StoredRuntime;
  readonly store: Store;
  readonly parts: ApiParts;
  readonly app: Hono<ApiEnv>;
  /** Lets it listen on loopback; more than once is the same. */
  listen(): Promise<ListeningApp>;
  close(): Promise<void>;
}

/** What is different from a server that nobody has set up further. */
export interface StreamServerOptions extends Partial<Omit<EventStreamsOptions, "store">> {
  /** Default: memory. */
  readonly location?: string;
  /** The store as the streams see it. */
  readonly wrap?: (store: Store) => Store;
  /** Puts things around the API, before it. */
  readonly prepare?: (app: Hono<ApiEnv>) => void;
}

/** Opens a {@link StreamServer}. */
export async function openStreamServer(options: StreamServerOptions = {}): Promise<StreamServer> {
  const { location = "memory", wrap = (store: Store) => store, prepare, ...streamOptions } = options;
  const host = { ...createNodeHost(), env: {} };
  const runtime = await openRuntime({ host, location });
  // Readers whose connections break ask again and again.
  const basic = apiPartsOf(runtime, { limits: { requestsPerMinute: 0 } });
  const streams = createEventStreams({
    clock: host.clock,
    meter: basic.meter,
    log: basic.log,
    limits: basic.limits,
    ...streamOptions,
    store: wrap(runtime.store),
  });
  const parts: ApiParts = { ...basic, streams };
  const app = around(createApp(parts), prepare);
  let listening: Promise<ListeningApp> | null = null;
  return {
    runtime,
    store: runtime.store,
    parts,
    app,
    listen() {
      listening ??= listen(app);
      return listening;
    },
    async close() {
      await streams.close();
      await (await listening)?.close();
      await runtime.close();
    },
  };
}

function around(api: Hono<ApiEnv>, prepare: StreamServerOptions["prepare"]): Hono<ApiEnv> {
  if (prepare === undefined) return api;
  const app = new Hono<ApiEnv>();
  prepare(app);
  app.all("*", async (context) => api.fetch(context.req.raw, context.env));
  return app;
}

/** Puts in a job that nobody works on, with its first event. */
export async function putJob(store: Store, id: string, more: { tenant?: string } = {}): Promise<void> {
  const { tenant = "local" } = more;
  await store.createJob(buildNewJob({ id, tenant }), [queuedDraft]);
}

/** Events that say which they are, in turn of different channels. */
export function drafts(count: number, text = ""): EventDraft[] {
  return Array.from({ length: count }, (_, index) =>
    index % 3 === 2
      ? {
          type: "quota.waiting",
          data: { until: "2030-01-01T00:00:00.000Z", reason: `reason ${index}${text}` },
        }
      : { type: "log", data: { level: "info", code: null, message: `note ${index} – ü ${text}` } },
  ) as EventDraft[];
}

/** An event of a type that nobody knows yet, with text that lines might break at. */
export const futureDraft = {
  type: "omen.seen",
  data: { bird: "owl\u2028\r\n", deep: [{ ü: null }] },
} as unknown as EventDraft;

/** Appends events to a job's log, in one change. */
export async function append(store: Store, jobId: string, events: readonly EventDraft[]): Promise<void> {
  await store.updateJob(jobId, () => ({ events }));
}

/** Ends a job, with its terminal event. */
export async function finish(store: Store, jobId: string): Promise<void> {
  await store.updateJob(jobId, () => ({
    patch: { status: "completed" },
    events: [{ type: "job.completed", data: { targetMet: true } }],
  }));
}
