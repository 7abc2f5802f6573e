/** A reported item count as a whole number ≥ 0, or null when it does not count: no finite number, or negative. */
export function itemCount(value: unknown): number | null {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) return null;
  // −0 becomes 0: the two are not deeply equal, and JSON has only one of them.
  return Math.floor(value) + 0;
}
