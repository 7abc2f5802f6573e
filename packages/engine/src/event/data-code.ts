/**
 * The codes of `log` events that follow from the data alone, and so are the same on every path (canonical). All other
 * codes are about the run: retries, waits, what a machine did.
 */
export const dataCodes = [
  "data.no_baseline",
  "data.search_truncated",
  "data.history_truncated",
  "data.target_not_met",
] as const;

/** One of {@link dataCodes}. */
export type DataCode = (typeof dataCodes)[number];

/** Whether a log event with this code belongs to the canonical log. */
export function isDataCode(code: string): code is DataCode {
  return (dataCodes as readonly string[]).includes(code);
}
