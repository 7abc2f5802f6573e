/**
 * An address that a link may have: of the web, or nothing. Profiles hold what people write into them, and a link to
 * `javascript:` would run in this page.
 */
export function safeAddress(text: string | null): string | undefined {
  if (text === null) return undefined;
  const trimmed = text.trim();
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(trimmed) ? trimmed : `https://${trimmed}`;
  try {
    const { protocol, href } = new URL(whole);
    return protocol === "https:" || protocol === "http:" ? href : undefined;
  } catch {
    return undefined;
  }
}
