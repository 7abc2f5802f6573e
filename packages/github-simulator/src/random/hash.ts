/** A seed as a 32-bit number: numbers by their bits, texts by FNV-1a. */
export function seedOf(value: number | string): number {
  // A command line gives text: the digits of a number mean that number.
  const number = typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof number === "number" ? mix(number | 0) : hashText(number);
}

/** FNV-1a over the UTF-16 units of a text, mixed. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return mix(hash);
}

/** A 32-bit hash of three numbers. Cheap: an attribute of the world is derived again instead of being stored. */
export function hash32(seed: number, subject: number, trait: number): number {
  return mix(mix(Math.imul(seed ^ trait, 0x9e3779b1) + subject) ^ Math.imul(trait, 0x85ebca6b));
}

/** A number in [0, 1) out of the same three numbers. */
export function unit(seed: number, subject: number, trait: number): number {
  return hash32(seed, subject, trait) / 0x1_0000_0000;
}

/** One element of a list, chosen by the hash. */
export function pick<T>(list: readonly T[], hash: number): T {
  const value = list[hash % list.length];
  if (value === undefined) throw new RangeError("Cannot pick from an empty list.");
  return value;
}

/** Eight hexadecimal digits. */
export function hex32(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, "0");
}

function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return (hash ^ (hash >>> 15)) >>> 0;
}
