import type { SourceCall, ToolOutcome } from "@cmo/engine";

/** A call that remembers everything it was told. */
export interface RecordingCall extends SourceCall {
  /** What {@link SourceCall.recall} finds; a test fills it with what answers said to remember. */
  readonly notes: Map<string, string>;
  readonly abort: AbortController;
  readonly events: Parameters<SourceCall["emit"]>[0][];
  readonly tools: { tool: string; input: unknown; outcome: ToolOutcome | null }[];
  /** The events of one type. */
  of(type: "quota.updated" | "quota.waiting" | "log"): Record<string, unknown>[];
}

export function createRecordingCall(): RecordingCall {
  const abort = new AbortController();
  const events: RecordingCall["events"] = [];
  const tools: RecordingCall["tools"] = [];
  const notes = new Map<string, string>();
  return {
    abort,
    signal: abort.signal,
    events,
    tools,
    notes,
    async recall(keys) {
      return new Map([...notes].filter(([key]) => keys.includes(key)));
    },
    of: (type) => events.filter((event) => event.type === type).map((event) => event.data),
    emit: (event) => {
      events.push(event);
    },
    startTool(tool, input) {
      const entry: RecordingCall["tools"][number] = { tool, input, outcome: null };
      tools.push(entry);
      return {
        complete(outcome) {
          if (entry.outcome !== null) throw new Error(`${tool} was completed twice`);
          entry.outcome = outcome;
        },
      };
    },
  };
}
