import type { EventData } from "@cmo/engine";
import type { RequestLogEntry } from "@cmo/github";
import type { Span } from "./span.ts";

/** A tool call that has ended. */
export function stepSpan(
  { callId, tool, ok, cost, cached, error, items }: EventData<"tool.completed">,
  place: Pick<Span, "traceId" | "spanId" | "parentSpanId" | "startedAt" | "endedAt">,
): Span {
  return {
    ...place,
    name: tool,
    kind: "internal",
    attributes: {
      "cmo.call.id": callId,
      "cmo.tool": tool,
      "cmo.source.points": cost,
      "cmo.cached": cached,
      "cmo.items": items,
      "error.type": error,
    },
    // A request that is no longer wanted has not failed.
    isError: !ok && error !== "cancelled",
  };
}

/** The HTTP request of a step, by the semantic conventions for HTTP client spans. */
export function requestSpan(entry: RequestLogEntry, step: Span, spanId: string): Span {
  const { method, host, status, durationMs, requestId, nodeCount, error } = entry;
  const { hostname, port } = new URL(`http://${host}`);
  const isError = status === null || status >= 400;
  return {
    traceId: step.traceId,
    spanId,
    parentSpanId: step.spanId,
    name: method,
    kind: "client",
    startedAt: Math.max(step.startedAt, step.endedAt - durationMs),
    endedAt: step.endedAt,
    attributes: {
      "http.request.method": method,
      "server.address": hostname,
      "server.port": port === "" ? null : Number(port),
      "http.response.status_code": status,
      "error.type": isError ? (status === null ? error : `${status}`) : null,
      "cmo.source.request_id": requestId,
      "cmo.source.nodes": nodeCount,
    },
    isError,
  };
}
