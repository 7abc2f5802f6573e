import { type Channel, channels } from "@cmo/engine";
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import * as v from "valibot";
import type { ApiEnv } from "../app/api-env.ts";
import type { StreamForm } from "../operation/api-meter.ts";
import { wholeNumber, wordList } from "../request/query-value.ts";
import { readQuery } from "../request/read-query.ts";
import { RequestRefused } from "../request/request-refused.ts";
import { streamMediaTypes } from "./stream-headers.ts";

/** More jobs than these are read as all. */
const mostJobs = 100;

const channelEntry = v.optional(
  v.pipe(
    wordList(channels),
    v.description("Only these channels, and the job channel, which is always in. Default: all."),
  ),
);

const seq = wholeNumber(0, Number.MAX_SAFE_INTEGER);

/** Which events of a job are wanted. */
export const jobEventsQuery = v.strictObject({
  after: v.optional(
    v.pipe(seq, v.description("Only events with a greater seq. The header Last-Event-ID wins over it.")),
  ),
  channels: channelEntry,
});

/** Which events of all jobs are wanted. */
export const allEventsQuery = v.strictObject({
  jobs: v.optional(
    v.pipe(
      v.union([v.string(), v.array(v.string())]),
      v.transform((text) => [...new Set((typeof text === "string" ? text : text.join(",")).split(","))]),
      v.array(v.pipe(v.string("the ids of jobs"), v.minLength(1), v.maxLength(200))),
      v.maxLength(mostJobs),
      v.description("Only these jobs. Default: all that there are, and all that come."),
    ),
  ),
  channels: channelEntry,
});

/** Where a reader of a job's log goes on, and what it wants of it. @throws RequestRefused `usage`. */
export function readJobEventsRequest(context: Context<ApiEnv>): {
  readonly after: number;
  readonly channels: readonly Channel[] | null;
  readonly form: StreamForm;
} {
  const { after = 0, channels = null } = readQuery(context, jobEventsQuery);
  // A browser comes back to the address it was given, and says in the header how far it has come since.
  return { after: readLastEventId(context) ?? after, channels, form: readForm(context) };
}

/** What a reader of many jobs wants. @throws RequestRefused `usage`. */
export function readAllEventsRequest(context: Context<ApiEnv>): {
  readonly jobIds: readonly string[] | null;
  readonly channels: readonly Channel[] | null;
  readonly form: StreamForm;
} {
  const { jobs: jobIds = null, channels = null } = readQuery(context, allEventsQuery);
  return { jobIds, channels, form: readForm(context) };
}

function readLastEventId(context: Context<ApiEnv>): number | null {
  const text = context.req.header("Last-Event-ID");
  if (text === undefined) return null;
  const parsed = v.safeParse(seq, text);
  if (parsed.success) return parsed.output;
  throw new RequestRefused("usage", "The header Last-Event-ID is not right.", {
    problems: [{ path: ["Last-Event-ID"], message: "must be a whole number, the seq of an event" }],
  });
}

function readForm(context: Context<ApiEnv>): StreamForm {
  const { sse, ndjson } = streamMediaTypes;
  const type = accepts(context, { header: "Accept", supports: [sse, ndjson], default: sse });
  return type === ndjson ? "ndjson" : "sse";
}
