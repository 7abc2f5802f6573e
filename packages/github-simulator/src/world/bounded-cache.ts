/** A map that forgets what was used longest ago. */
export interface BoundedCache<K, V> {
  /** The value of a key, made when it is not there. */
  get(key: K, make: () => V): V;
  readonly size: number;
}

/** @param capacity how many values are kept, at least 1 */
export function createBoundedCache<K, V>(capacity: number): BoundedCache<K, V> {
  const values = new Map<K, { value: V }>();
  return {
    get(key, make) {
      const known = values.get(key);
      if (known !== undefined) {
        values.delete(key);
        values.set(key, known);
        return known.value;
      }
      const value = make();
      values.set(key, { value });
      if (values.size > capacity) {
        const oldest = values.keys().next();
        if (!oldest.done) values.delete(oldest.value);
      }
      return value;
    },
    get size() {
      return values.size;
    },
  };
}
