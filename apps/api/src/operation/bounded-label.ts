/** What a label says of everything beyond its bound. */
const other = "other";

/**
 * Keeps a label's values few: after `most` different ones, every further value is `other`. A metric has a series for
 * each value that was ever seen, for as long as the process lives.
 */
export function createBoundedLabel(most = 64): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= most) return other;
    known.add(value);
    return value;
  };
}
