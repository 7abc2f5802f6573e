import { disposableEmailBlocklistSet } from "disposable-email-domains-js";

/**
 * Tells whether a domain, or one above it, gives addresses that are thrown away. The list is read once, at the first
 * question: reading it takes longer than ten thousand answers.
 */
export function createDisposableDomains(): (domain: string) => boolean {
  let listed: ReadonlySet<string> | null = null;
  return (domain) => {
    listed ??= disposableEmailBlocklistSet();
    const labels = domain.split(".");
    for (let index = 0; index < labels.length - 1; index += 1) {
      if (listed.has(labels.slice(index).join("."))) return true;
    }
    return false;
  };
}
