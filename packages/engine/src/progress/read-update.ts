import { itemCount } from "./item-count.ts";
import { cleanItem } from "./item-name.ts";
import { readList } from "./read-list.ts";
import { readField, readFields, readRecord } from "./read-record.ts";
import { cleanStageId } from "./stage-name.ts";

/** What a loosely reporting agent said, as far as it makes sense. Read once, so that no getter answers twice. */
export interface ReportedUpdate {
  /** The id of the stage it is about, or null when it names no real one. */
  readonly stage: string | null;
  readonly itemsProcessed: number | null;
  readonly itemsTotal: number | null;
  readonly currentItem: string | null;
  /** Not checked yet: the rules for keys and values are those of merging. */
  readonly metrics: Readonly<Record<string, unknown>> | null;
  /** Not checked yet. */
  readonly warnings: readonly unknown[];
  /** Not checked yet. */
  readonly errors: readonly unknown[];
}

/** Reads whatever an agent reported; null when it is no object. Does not throw, and reads own fields only. */
export function readUpdate(raw: unknown): ReportedUpdate | null {
  const record = readRecord(raw);
  if (record === null) return null;
  const metrics = readRecord(readField(record, "metrics"));
  return {
    stage:
      cleanStageId(readField(record, "stage")) ??
      cleanStageId(readField(record, "node")) ??
      cleanStageId(readField(record, "event")),
    itemsProcessed: itemCount(readField(record, "itemsProcessed") ?? readField(record, "items_processed")),
    itemsTotal: itemCount(readField(record, "itemsTotal") ?? readField(record, "items_total")),
    currentItem: cleanItem(readField(record, "currentItem") ?? readField(record, "current_item")),
    metrics: metrics === null ? null : readFields(metrics),
    warnings: readList(readField(record, "warnings")),
    errors: readList(readField(record, "errors")),
  };
}
