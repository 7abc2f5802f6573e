/** The kinds of things that a person can be suppressed by. */
export const suppressionKinds = ["login", "id", "email", "domain"] as const;
/** One of {@link suppressionKinds}. */
export type SuppressionKind = (typeof suppressionKinds)[number];

/** One entry of a suppression list, normalised so that equal entries are equal texts (and give equal hashes). */
export interface SuppressionEntry {
  kind: SuppressionKind;
  /** Logins, addresses and domains in lower case; an id without its `id:`. */
  value: string;
}

/** What an entry may look like, for messages. */
export const allowedSuppressEntry =
  "a login, id:NODE_ID, an address (name@host.example), or a domain (@host.example)";

/**
 * Reads one entry: `octocat`, `id:U_kgDO…`, `name@host.example`, `@host.example` or `host.example`. Gives null for
 * anything else, `@name` without a dot included: it could mean a login or a domain, and neither is guessed.
 */
export function readSuppressEntry(text: string): SuppressionEntry | null {
  const entry = text.trim();
  if (/^id:/i.test(entry)) {
    const id = entry.slice(3).trim();
    return /^[A-Za-z0-9_=+/-]{1,200}$/.test(id) ? { kind: "id", value: id } : null;
  }
  const lower = entry.toLowerCase().normalize("NFC");
  const at = lower.lastIndexOf("@");
  if (at > 0) {
    const host = lower.slice(at + 1);
    const local = lower.slice(0, at);
    return lower.length <= 254 && isDomain(host) && /^[^\s@<>,;:"\p{Cc}]+$/u.test(local)
      ? { kind: "email", value: lower }
      : null;
  }
  const host = at === 0 ? lower.slice(1) : lower;
  if (isDomain(host)) return { kind: "domain", value: host };
  // 39 characters, letters, digits and single hyphens; accounts managed by an enterprise end in _shortcode.
  return at < 0 && /^[a-z\d](?:[a-z\d_]|-(?=[a-z\d]))*$/.test(lower) && lower.length <= 39
    ? { kind: "login", value: lower }
    : null;
}

// Label by label: a pattern with a counted repeat of all letters compiles to tens of megabytes.
function isDomain(host: string): boolean {
  const labels = host.split(".");
  return (
    host.length <= 253 && labels.length >= 2 && labels.every(isLabel) && (labels.at(-1)?.length ?? 0) >= 2
  );
}

function isLabel(label: string): boolean {
  return (
    label.length <= 63 && /^[\p{L}\p{N}-]+$/u.test(label) && !label.startsWith("-") && !label.endsWith("-")
  );
}
