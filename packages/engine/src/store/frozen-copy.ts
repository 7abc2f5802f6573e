/**
 * A copy as a database would give it: nobody who has it can change what is stored through it. What is one object in
 * many places stays one: a lead's data share where they were read.
 */
export function frozenCopy<T>(value: T): T {
  const copies = new Map<object, object>();
  return copy(value) as T;

  function copy(part: unknown): unknown {
    if (typeof part !== "object" || part === null) return part;
    const known = copies.get(part);
    if (known !== undefined) return known;
    const made = Array.isArray(part)
      ? part.map(copy)
      : Object.fromEntries(
          Object.entries(part).flatMap(([key, one]) => (one === undefined ? [] : [[key, copy(one)]])),
        );
    copies.set(part, Object.freeze(made));
    return made;
  }
}
