/** An address taken apart. */
export interface EmailAddress {
  /** As it was published, without outer white space. */
  readonly text: string;
  /** Lower case. */
  readonly localPart: string;
  /** Lower case, as published; may hold non-ASCII letters. */
  readonly domain: string;
}

/**
 * Takes a published address apart; null for what is none. The rule is that of HTML's e-mail input (a subset of RFC
 * 5322 that people use), with at least one dot in the domain and letters of any script in it (RFC 6531). Obfuscated
 * text ("me at host") is not an address, and is not made one.
 */
export function parseEmailAddress(published: string): EmailAddress | null {
  const text = published.trim();
  if (text.length > 254 || !address.test(text)) return null;
  const at = text.lastIndexOf("@");
  const localPart = text.slice(0, at).toLowerCase();
  const domain = text.slice(at + 1).toLowerCase();
  const dotted = !localPart.startsWith(".") && !localPart.endsWith(".") && !localPart.includes("..");
  return localPart.length <= 64 && dotted ? { text, localPart, domain } : null;
}

const label = "[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?";
const address = new RegExp(`^[a-zA-Z0-9.!#$%&'*+/=?^_\`{|}~-]+@(?:${label}\\.)+${label}$`, "u");
