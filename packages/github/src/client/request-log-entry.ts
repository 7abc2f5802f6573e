import type { FetchInit } from "../http/exchange.ts";

/** One line of the request log. No secrets, and nothing about people. */
export interface RequestLogEntry {
  /** The job that asked, and the id of the tool call in its events; null where none are written. */
  jobId: string | null;
  callId: string | null;
  tool: string;
  method: FetchInit["method"];
  host: string;
  /** Null when there was no answer. */
  status: number | null;
  /** In milliseconds since the epoch. */
  endedAt: number;
  durationMs: number;
  /** Points, and the nodes they were counted for. */
  cost: number;
  nodeCount: number | null;
  requestId: string | null;
  error: string | null;
}
