/**
 * The address of a database, `postgres://user:password@host:port/name`, in its parts; null for what is none, and where it
 * is not clear at which `@` the password ends: behind a `/` in it the rest would be taken for the host's name, and shown.
 * What the parser throws holds the whole address, and is not thrown on.
 */
export function databaseAddress(address: string): URL | null {
  return /^[^/]*\/\/[^/?#]*[/?#].*@/s.test(address) || !URL.canParse(address) ? null : new URL(address);
}

/** How a password is written in one. */
export const passwordHint = "characters such as @ and / in a password are written as %40 and %2F.";
