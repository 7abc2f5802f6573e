import { type Clock, CmoError, type Store } from "@cmo/engine";
import type { Log } from "@cmo/runtime";
import type { ApiLimits } from "../app/api-limits.ts";
import type { ApiMeter } from "../operation/api-meter.ts";
import { dataHeaders } from "../security/security-headers.ts";
import { createConnections } from "./connections.ts";
import type { EventStreams } from "./event-streams.ts";
import { createEventView } from "./event-view.ts";
import { createFeeds } from "./feeds.ts";
import { openJobFeed } from "./job-feed.ts";
import { streamHeaders } from "./stream-headers.ts";
import { createTenantFeed } from "./tenant-feed.ts";
import { createTicker } from "./ticker.ts";

/** What {@link createEventStreams} is made of. */
export interface EventStreamsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly meter: ApiMeter;
  readonly log: Log;
  readonly limits: Pick<ApiLimits, "readers">;
  /** The longest silence on an open stream. Default 15,000. */
  readonly pingMs?: number;
  /** How long a reader may take nothing before it is cut off; it resumes by id. Default 30,000. */
  readonly writeDeadlineMs?: number;
}

/** {@link EventStreams} over a store. */
export function createEventStreams(options: EventStreamsOptions): EventStreams {
  const { store, clock, meter, log, limits } = options;
  const jobs = createFeeds({
    clock,
    log,
    failure: { message: "The log of a job could not be read", fact: "jobId" },
    async open(jobId, onFailed) {
      const feed = await openJobFeed({ store, jobId, clock, meter, onFailed });
      if (feed === null) throw notFound(jobId);
      return feed;
    },
    onOpened: () => ticker.start(),
  });
  const tenants = createFeeds({
    clock,
    log,
    failure: { message: "The logs of a tenant's jobs could not be read", fact: "tenant" },
    open: async (tenant, onFailed) => createTenantFeed({ store, tenant, clock, meter, onFailed }),
    onOpened: () => ticker.start(),
  });
  const connections = createConnections({
    clock,
    meter,
    limit: limits.readers,
    pingMs: options.pingMs ?? 15_000,
    writeDeadlineMs: options.writeDeadlineMs ?? 30_000,
    onOpened: () => ticker.start(),
  });
  const ticker = createTicker(clock, (now) =>
    [connections.tick(now), jobs.tick(now), tenants.tick(now)].includes(true),
  );

  return {
    async openJob(context, { tenant, jobId, after, channels, form }) {
      connections.assertRoom();
      const feed = await jobs.of(jobId).catch(async (error: unknown) => {
        // What is wrong with it is told to whom it belongs.
        if ((await store.readListedJob(jobId))?.tenant !== tenant) throw notFound(jobId);
        throw error;
      });
      if (feed.tenant !== tenant) throw notFound(jobId);
      if (feed.isOver(after)) return new Response(null, { status: 204, headers: dataHeaders });
      if (context.req.raw.method === "HEAD") return new Response(null, { headers: streamHeaders[form] });
      const view = createEventView(form, channels, { numbered: true });
      return connections.open(context, form, () => feed.reader(view, after));
    },
    async openMany(context, { tenant, jobIds, channels, form }) {
      connections.assertRoom();
      for (const jobId of jobIds ?? []) {
        if ((await store.readListedJob(jobId))?.tenant !== tenant) throw notFound(jobId);
      }
      if (context.req.raw.method === "HEAD") return new Response(null, { headers: streamHeaders[form] });
      const feed = await tenants.of(tenant);
      const view = createEventView(form, channels, { numbered: false });
      const wanted = jobIds === null ? null : new Set(jobIds);
      return connections.open(context, form, () => feed.reader(view, wanted));
    },
    readers: connections.count,
    async close() {
      await connections.close();
      ticker.stop();
      jobs.close();
      tenants.close();
    },
  };
}

function notFound(jobId: string): CmoError {
  return new CmoError("not_found", `There is no job ${jobId} in this store.`);
}
