import { Hono } from "hono";
import type { ApiEnv } from "../app/api-env.ts";
import type { ApiParts } from "../app/api-parts.ts";
import { describe } from "../document/describe.ts";
import { jobPath } from "../route/job-path.ts";
import { streamMediaTypes } from "./stream-headers.ts";
import {
  allEventsQuery,
  jobEventsQuery,
  readAllEventsRequest,
  readJobEventsRequest,
} from "./stream-query.ts";

/** The logs of jobs as they are written. */
export function eventRoutes({ streams }: Pick<ApiParts, "streams">): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .get("/api/jobs/:id/events", describeJobEvents, (context) => {
      const { tenant } = context.get("caller");
      const jobId = context.req.param("id");
      return streams.openJob(context, { tenant, jobId, ...readJobEventsRequest(context) });
    })
    .get("/api/events", describeAllEvents, (context) => {
      const { tenant } = context.get("caller");
      return streams.openMany(context, { tenant, ...readAllEventsRequest(context) });
    });
}

const describeJobEvents = describe({
  id: "readEvents",
  tag: "events",
  summary: "The job's log, from any place to its end",
  description:
    "The log so far and then each event as it comes, in order, without a gap and without a repeat; it ends after the job's terminal event. In server-sent events, `id` is the event's seq and `data` the event. When nothing else was sent for 15 seconds, a comment or an empty line is. A disconnect changes nothing about the job.",
  path: jobPath,
  query: jobEventsQuery,
  headers: {
    "Last-Event-ID": "The seq of the last event that the reader has. Browsers send it when they come back.",
  },
  answers: {
    200: {
      description: "The events.",
      media: {
        [streamMediaTypes.sse]: "Server-sent events.",
        [streamMediaTypes.ndjson]: "An event a line, when the request accepts this type.",
      },
    },
    204: {
      description: "The job has ended and the reader has its last event: there is nothing to come back for.",
    },
  },
  refusals: [404, 503],
});

const describeAllEvents = describe({
  id: "readAllEvents",
  tag: "events",
  summary: "The events of many jobs in one stream",
  description:
    "First a snapshot of each job (all that have not ended and the newest 100 that have, or exactly those of `jobs`), then the events of all of them, and without `jobs` also of those that are submitted later: of each job in order, from where its snapshot stands. Events have no ids here: who reconnects begins with snapshots again. It has no end.",
  query: allEventsQuery,
  answers: {
    200: {
      description: "Snapshots and events.",
      media: {
        [streamMediaTypes.sse]: "Server-sent events without ids.",
        [streamMediaTypes.ndjson]: "A snapshot or an event a line, when the request accepts this type.",
      },
    },
  },
  refusals: [404, 503],
});
