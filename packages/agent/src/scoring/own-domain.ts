/** Whether an address is at the host of a website, or one is a part of the other. Hosts are compared as they stand. */
export function ownsDomain(domain: string, websiteUrl: string | null): boolean {
  const host = hostOf(websiteUrl);
  if (host === null) return false;
  return host === domain || host.endsWith(`.${domain}`) || domain.endsWith(`.${host}`);
}

/**
 * The host of a website as people write it: with or without a scheme, with or without `www.`; null for what is none,
 * such as a script or a mere word.
 */
export function hostOf(websiteUrl: string | null): string | null {
  const match = /^(?:https?:\/\/)?(?:www\.)?([^/?#:@\s]+\.[^/?#:@\s.]+)\.?(?:[:/?#]|$)/i.exec(
    websiteUrl?.trim() ?? "",
  );
  return match?.[1]?.toLowerCase() ?? null;
}
