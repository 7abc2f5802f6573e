/** One line of the request log. No secrets, and nothing about people. */
export interface RequestLogEntry {
  tool: string;
  host: string;
  /** Null when there was no answer. */
  status: number | null;
  durationMs: number;
  /** Points, and the nodes they were counted for. */
  cost: number;
  nodeCount: number | null;
  requestId: string | null;
  error: string | null;
}
