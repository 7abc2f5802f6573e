import type { EventDraft } from "../event/event-draft.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import type { Clock } from "../port/clock.ts";
import { type Digest, digestText } from "../port/digest.ts";
import type { SourceCall, ToolOutcome } from "../port/source.ts";
import type { Spending } from "./spending.ts";

/** What opening a tool call needs. */
export interface ToolHost {
  readonly clock: Clock;
  readonly digest: Digest;
  /** A call id that no other call of the job has. */
  nextCallId(): string;
  append(draft: EventDraft): void;
}

/** Opens a tool call: `tool.started` now, `tool.completed` once when the returned function is called first. */
export function openTool(
  host: ToolHost,
  tool: string,
  input: unknown,
): { complete(outcome: ToolOutcome): void } {
  const callId = host.nextCallId();
  const startedAt = host.clock.now();
  const inputDigest = digestText(host.digest, canonicalJson(input ?? null));
  host.append({ type: "tool.started", data: { callId, tool, inputDigest } });
  let open = true;
  return {
    complete(outcome) {
      if (!open) return;
      open = false;
      const durationMs = Math.max(0, host.clock.now() - startedAt);
      host.append({ type: "tool.completed", data: { callId, tool, durationMs, ...outcome } });
    },
  };
}

/** A call for a source, stopped by this signal; what it asks counts against the job's limits. */
export function openCall(host: ToolHost, spending: Spending, signal: AbortSignal): SourceCall {
  return {
    signal,
    startTool(tool, input) {
      spending.request();
      const { complete } = openTool(host, tool, input);
      return {
        complete(outcome) {
          spending.points(outcome.cost);
          complete(outcome);
        },
      };
    },
    emit: (draft) => host.append(draft),
  };
}
