import { corruptJobPart, eventVersion, type JobEvent, type Lead } from "@cmo/engine";
import { numberOf, type Row, textOf } from "./column.ts";
import { parseStored } from "./stored-json.ts";

/** The columns of an event that {@link readEventRow} reads. */
export const eventColumns = "v, seq, at, type, data";

/** A row of {@link eventColumns}. @throws CmoError `store_corrupt`, which names the job and the event. */
export function readEventRow(jobId: string, [v, seq, at, type, data]: Row): JobEvent {
  try {
    return {
      v: numberOf(v),
      jobId,
      seq: numberOf(seq),
      at: new Date(numberOf(at)).toISOString(),
      type: textOf(type),
      data: parseStored(textOf(data)),
    };
  } catch (error) {
    throw corruptJobPart(jobId, `event ${String(seq)} of its log`, error);
  }
}

/** An event as a change has stored it; `data` is the JSON text. */
export function writtenEvent(
  jobId: string,
  { seq, at, type, data }: { seq: number; at: number; type: string; data: string },
): JobEvent {
  return readEventRow(jobId, [eventVersion, seq, at, type, data]);
}

/** A lead of its JSON text. @throws CmoError `store_corrupt`, which names the job. */
export function readLeadText(jobId: string, text: unknown): Lead {
  try {
    return parseStored<Lead>(textOf(text));
  } catch (error) {
    throw corruptJobPart(jobId, "one of its leads", error);
  }
}

/** Whom a lead is about; empty for a text that is none. */
export function leadKeyOf(text: string): string {
  try {
    return String(parseStored<{ readonly nodeId?: unknown } | null>(text)?.nodeId ?? "");
  } catch {
    return "";
  }
}
