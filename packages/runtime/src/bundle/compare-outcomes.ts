import type { ExpectedOutcome } from "@cmo/bundle";
import { canonicalJson } from "@cmo/engine";
import { compareRemains } from "../chaos/compare-remains.ts";
import { parseJson } from "./parse-json.ts";

/** Where two outcomes part. */
export interface Divergence {
  /** `recording`: the agent asked for something that is not in it, or asked differently. */
  readonly part: "recording" | "log" | "summary";
  /** The type of the canonical event; null outside of the log. */
  readonly event: string | null;
  readonly stage: string | null;
  /** The item that was asked for, or the field that differs. */
  readonly item: string | null;
  readonly expected: string | null;
  readonly found: string | null;
}

/**
 * The first difference in the canonical log, with the digests of the files in it, and in the comparable summary. Which
 * version of the engine and the agent did the work is not compared: it may be the reason of a difference, and is none.
 */
export function compareOutcomes(expected: ExpectedOutcome, found: ExpectedOutcome): Divergence[] {
  const [wanted, got] = [unversioned(expected), unversioned(found)];
  return compareRemains(remainsOf(wanted), remainsOf(got)).map(({ part, place, ...texts }) => {
    if (part !== "log") return { part: "summary", event: null, stage: null, item: place, ...texts };
    const index = wanted.log.findIndex((line, at) => line !== got.log[at]);
    const line = wanted.log[index === -1 ? wanted.log.length : index] ?? got.log[wanted.log.length];
    const { type, data } = readLine(line);
    const stage = typeof data.stage === "string" ? data.stage : (stageOfEvent[type] ?? null);
    return { part, event: type, stage, item: place, ...texts };
  });
}

/** Who describes files, and who says that fewer were found than were wanted. */
const stageOfEvent: Readonly<Record<string, string>> = { "artifact.created": "export" };

function remainsOf({ log, summary }: ExpectedOutcome) {
  return { comparable: { log, summary, files: {} } };
}

interface LogLine {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function unversioned({ log, summary }: ExpectedOutcome): ExpectedOutcome {
  return {
    log: log.map((text) => {
      const { type, data } = readLine(text);
      if (type !== "job.queued") return text;
      const { engineVersion: _engine, agent: _agent, ...rest } = data;
      return canonicalJson({ type, data: rest });
    }),
    summary: isObject(summary) ? { ...summary, versions: null } : summary,
  };
}

/** A line of a canonical log; of a bundle that somebody made it may be anything. */
function readLine(text: string | undefined): LogLine {
  const nothing = { type: "", data: {} };
  const value = text === undefined ? undefined : parseJson(text);
  if (!isObject(value) || typeof value.type !== "string" || !isObject(value.data)) return nothing;
  return { type: value.type, data: value.data };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
