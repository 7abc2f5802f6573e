import { cleanText, firstCodePoints } from "./clean-text.ts";

/**
 * The id of a reported stage name, or null when it names no stage: no string, a placeholder (`unknown`, `n/a`, …) or a
 * word for the job's life (`completed`, `paused`, …). The id of an id is that id.
 */
export function cleanStageId(name: unknown): string | null {
  if (typeof name !== "string") return null;
  const text = cleanText(name).toLowerCase();
  if (isPlaceholder(text) || LIFECYCLE_WORDS.has(text)) return null;
  return firstCodePoints(text.replace(SEPARATORS, "_"), MAX_STAGE_ID_CODE_POINTS);
}

/** Whether a cleaned text, in lower case, only stands for a missing value. */
export function isPlaceholder(lowerCaseText: string): boolean {
  return PLACEHOLDERS.has(lowerCaseText);
}

const MAX_STAGE_ID_CODE_POINTS = 100;

const SEPARATORS = /[\s-]+/g;

const PLACEHOLDERS: ReadonlySet<string> = new Set([
  "",
  "unknown",
  "none",
  "null",
  "undefined",
  "n/a",
  "-",
  "?",
]);

const LIFECYCLE_WORDS: ReadonlySet<string> = new Set([
  "queued",
  "created",
  "pending",
  "initializing",
  "starting",
  "running",
  "paused",
  "resumed",
  "completed",
  "complete",
  "done",
  "finished",
  "failed",
  "error",
  "cancelled",
  "canceled",
]);
