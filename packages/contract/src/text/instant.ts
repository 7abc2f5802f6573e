import * as v from "valibot";

/** An ISO instant in UTC, as answers hold them. */
export const instantSchema = v.pipe(
  v.string(),
  v.isoTimestamp("an ISO instant, such as 2030-01-31T12:00:00.000Z"),
  v.metadata({ examples: ["2030-01-31T12:00:00.000Z"] }),
);

/** A time in milliseconds since the epoch as an ISO instant; null for none, and for a time that no calendar has. */
export function instantOf(at: number | null): string | null {
  return at === null || Math.abs(at) > 8.64e15 ? null : new Date(at).toISOString();
}
