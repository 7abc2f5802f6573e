/**
 * The entries of a foreign list; none for what is no list. Does not throw. Bounded, because the length of a foreign
 * list need not be the number of its entries.
 */
export function readList(value: unknown): readonly unknown[] {
  try {
    if (!Array.isArray(value)) return [];
    return Array.from({ length: Math.min(value.length, MAX_ENTRIES) }, (_, index) => readEntry(value, index));
  } catch {
    // A proxy that does not answer.
    return [];
  }
}

const MAX_ENTRIES = 100_000;

function readEntry(list: readonly unknown[], index: number): unknown {
  try {
    return list[index];
  } catch {
    return undefined;
  }
}
