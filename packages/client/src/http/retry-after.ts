/** How long `Retry-After` asks to wait, in milliseconds, given as seconds or as a date; null without one. */
export function readRetryAfterMs(headers: Headers, now: number): number | null {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1_000);
  // Parsers of dates take much for one: `-1` as well.
  if (!/^[A-Z][a-z]{2}, /.test(value)) return null;
  const date = Date.parse(value);
  // By the server's own clock where it says what that is: ours may be wrong.
  const since = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? null : Math.max(0, date - (Number.isNaN(since) ? now : since));
}
