import type { EventDraft } from "../event/event-draft.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import type { Clock } from "../port/clock.ts";
import { type Digest, digestText } from "../port/digest.ts";
import type { OpenTool, SourceCall, ToolOutcome } from "../port/source.ts";
import type { Spending } from "./spending.ts";

/** What opening a tool call needs. */
export interface ToolHost {
  readonly jobId: string;
  readonly clock: Clock;
  readonly digest: Digest;
  /** A call id that no other call of the job has. */
  nextCallId(): string;
  append(draft: EventDraft): void;
  /** See {@link SourceCall.recall}. */
  recall: SourceCall["recall"];
}

/** Opens a tool call: `tool.started` now, `tool.completed` once when the returned function is called first. */
export function openTool(
  host: ToolHost,
  tool: string,
  input: unknown,
): OpenTool & { complete(outcome: ToolOutcome & { items?: number }): void } {
  const callId = host.nextCallId();
  const startedAt = host.clock.now();
  const inputDigest = digestText(host.digest, canonicalJson(input ?? null));
  host.append({ type: "tool.started", data: { callId, tool, inputDigest } });
  let open = true;
  return {
    callId,
    complete(outcome) {
      if (!open) return;
      open = false;
      const durationMs = Math.max(0, host.clock.now() - startedAt);
      host.append({ type: "tool.completed", data: { callId, tool, durationMs, ...outcome } });
    },
  };
}

/**
 * Logs that items were answered from what other jobs were told. Counts against no limit: nothing was asked.
 * Nothing of the items but a digest is logged.
 */
export function noteCached(host: ToolHost, kind: string, itemIds: readonly string[]): void {
  const { complete } = openTool(host, `cache.${kind}`, { ids: itemIds });
  complete({ ok: true, cost: 0, cached: true, error: null, items: itemIds.length });
}

/** A call for a source, stopped by this signal; what it asks counts against the job's limits. */
export function openCall(host: ToolHost, spending: Spending, signal: AbortSignal): SourceCall {
  return {
    signal,
    jobId: host.jobId,
    startTool(tool, input) {
      spending.request();
      const opened = openTool(host, tool, input);
      return {
        ...opened,
        complete(outcome) {
          spending.points(outcome.cost);
          opened.complete(outcome);
        },
      };
    },
    recall: (keys) => host.recall(keys),
    emit: (draft) => host.append(draft),
  };
}
