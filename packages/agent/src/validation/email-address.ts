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
 * 5322 that people use), with at least one dot in the domain, letters of any script in it (RFC 6531), and no address
 * of a host in place of its name. Obfuscated text ("me at host") is not an address, and is not made one.
 */
export function parseEmailAddress(published: string): EmailAddress | null {
  const text = published.trim();
  if (text.length > 254) return null;
  const at = text.lastIndexOf("@");
  const localPart = text.slice(0, Math.max(0, at)).toLowerCase();
  const domain = text.slice(at + 1).toLowerCase();
  return isLocalPart(localPart) && isDomain(domain) ? { text, localPart, domain } : null;
}

function isLocalPart(text: string): boolean {
  return text.length <= 64 && /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(text);
}

// Label by label: a pattern with counted repeats of all letters is slow to compile and large.
function isDomain(text: string): boolean {
  const labels = text.split(".");
  const top = labels.at(-1) ?? "";
  // A top-level domain is never a number (RFC 3696, section 2), so that 192.0.2.1 is none.
  return labels.length >= 2 && labels.every(isLabel) && top.length >= 2 && !/^\d+$/.test(top);
}

function isLabel(text: string): boolean {
  return text.length <= 63 && /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u.test(text);
}
