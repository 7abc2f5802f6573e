/**
 * Whether a JSON value goes down by more than so many levels of lists and objects. What reads it again and again, down to
 * its ground, would run out of stack.
 */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isNestedDeeper(one, levels - 1));
}
