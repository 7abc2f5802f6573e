import { countText } from "../text/format.ts";

/** A value of a campaign or a summary, as a person reads it; what is not there is a dash. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return Number.isInteger(value) ? countText(value) : String(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}
