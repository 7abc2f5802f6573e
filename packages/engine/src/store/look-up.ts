/** What there is under these keys. */
export function lookUp<T>(
  keys: readonly string[],
  find: (key: string) => T | undefined,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const key of keys) {
    const value = find(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
}
