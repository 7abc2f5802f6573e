import { createCalls } from "../http/api-calls.ts";
import { probeApi } from "../probe/probe.ts";
import { closable } from "../stream/closable.ts";
import { jobProtocol } from "../stream/job-protocol.ts";
import { manyJobsProtocol } from "../stream/many-jobs-protocol.ts";
import { parseEnvelope } from "../stream/parse-event.ts";
import { readResuming } from "../stream/read-resuming.ts";
import type { Client } from "./client.ts";
import type { ClientOptions } from "./client-options.ts";
import { createLink } from "./create-link.ts";
import { jobMethods } from "./job-methods.ts";
import { leadMethods } from "./lead-methods.ts";
import { peopleMethods } from "./people-methods.ts";

/**
 * A client of the API. Makes no request by itself and holds nothing open: there is nothing to close.
 * @throws CmoError `usage` for an address or a key that is none.
 */
export function createClient(options: ClientOptions): Client {
  const { giveUpAfterMs: usualGiveUpAfterMs = 300_000, parseEvent = parseEnvelope } = options;
  const link = createLink(options);
  const calls = createCalls(link);

  const watch: Client["watch"] = (
    jobId,
    { after = 0, channels, signal, giveUpAfterMs = usualGiveUpAfterMs, onConnection } = {},
  ) =>
    closable((stop) => {
      const protocol = jobProtocol(jobId, { after, channels, parseEvent });
      return readResuming(link, protocol, { signal: stop, giveUpAfterMs, onConnection });
    }, signal);

  return {
    ...jobMethods(calls, link.random),
    ...leadMethods(link, calls),
    ...peopleMethods(calls),
    events: (jobId, query) => watch(jobId, query),
    watch,
    watchMany: ({ jobs, channels, signal, giveUpAfterMs = Number.POSITIVE_INFINITY, onConnection } = {}) =>
      closable((stop) => {
        if (jobs?.length === 0) return nothing();
        const protocol = manyJobsProtocol({ jobs, channels, parseEvent });
        return readResuming(link, protocol, { signal: stop, giveUpAfterMs, onConnection });
      }, signal),
    probe: ({ timeoutMs }) => probeApi(link, timeoutMs),
    health: async ({ timeoutMs = 2_000 } = {}) => (await probeApi(link, timeoutMs)).reachable,
  };
}

/** An empty list of jobs is not all of them. */
async function* nothing(): AsyncGenerator<never, void, undefined> {}
