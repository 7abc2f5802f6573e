import type { CampaignService, EventsQuery, MultiplexedItem } from "@cmo/contract";
import type { Channel, JobEvent } from "@cmo/engine";
import type { Probe } from "../probe/probe.ts";
import type { ConnectionListener } from "../stream/connection.ts";

/** How a job is watched. */
export interface WatchOptions extends EventsQuery {
  /** After so long without hearing of the server: `api_unreachable`. Default: the client's, of five minutes. */
  readonly giveUpAfterMs?: number | undefined;
  readonly onConnection?: ConnectionListener | undefined;
}

/** How jobs are watched together. */
export interface WatchManyOptions {
  /** Default: all of the caller, those that come included. */
  readonly jobs?: readonly string[] | undefined;
  /** Only these channels, and the job channel. Default all. */
  readonly channels?: readonly Channel[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Default: never. */
  readonly giveUpAfterMs?: number | undefined;
  readonly onConnection?: ConnectionListener | undefined;
}

/** {@link CampaignService} over HTTP, and what belongs to a connection. */
export interface Client extends CampaignService {
  /**
   * As `events`, which is this with its defaults. Goes on by itself over broken connections, and ends at the terminal
   * event or when the signal aborts. @throws CmoError `not_found`, `api_refused`; `api_unreachable` when it gives up,
   * which says nothing about the job.
   */
  watch(jobId: string, options?: WatchOptions): AsyncIterable<JobEvent>;
  /**
   * A snapshot of each job, then the events of all; after every broken connection snapshots again. Ends when all jobs
   * of `jobs` have ended, without `jobs` only by the signal.
   */
  watchMany(options?: WatchManyOptions): AsyncIterable<MultiplexedItem>;
  /** Whether cmo is there and well, and why not. Asks once, and sends no key. Never rejects. */
  probe(options: { readonly timeoutMs: number }): Promise<Probe>;
  /** {@link Client.probe} in one word; within 2 s unless told otherwise. */
  health(options?: { readonly timeoutMs?: number }): Promise<boolean>;
}
