import type { Channel } from "@cmo/engine";
import type { Context } from "hono";
import type { ApiEnv } from "../app/api-env.ts";
import type { StreamForm } from "../operation/api-meter.ts";

/** Which events of one job a reader wants. */
export interface JobStreamRequest {
  /** Whom the job must belong to. */
  readonly tenant: string;
  readonly jobId: string;
  /** Those with a greater seq. */
  readonly after: number;
  /** Null for all; the job channel is always in. */
  readonly channels: readonly Channel[] | null;
  readonly form: StreamForm;
}

/** Which jobs a multiplexed reader wants. */
export interface ManyJobsStreamRequest {
  readonly tenant: string;
  /** Null for all that the tenant has, those that come included. */
  readonly jobIds: readonly string[] | null;
  readonly channels: readonly Channel[] | null;
  readonly form: StreamForm;
}

/** Hands the logs of jobs to readers: each event is read and encoded once, however many there are. */
export interface EventStreams {
  /**
   * Answers with the job's log from `after` on, to its end; 204 when there is nothing behind `after` and never will be.
   * @throws CmoError `not_found`, also for a job of another tenant; RequestRefused 503 when there is no room; what the
   * store throws.
   */
  openJob(context: Context<ApiEnv>, request: JobStreamRequest): Promise<Response>;
  /**
   * Answers with a snapshot of each job, and then with the events of all. It ends only with the server.
   * @throws CmoError `not_found` when one of `jobIds` is; RequestRefused 503 when there is no room; what the store throws.
   */
  openMany(context: Context<ApiEnv>, request: ManyJobsStreamRequest): Promise<Response>;
  /** How many readers there are. */
  readers(): number;
  /** Ends every stream with a hint to come back, and takes no more. */
  close(): Promise<void>;
}
