/**
 * Takes secrets out of a text: every one of `secrets`, plain or percent-encoded, and whatever looks like a token of
 * GitHub (`ghp_`, `gho_`, `ghu_`, `ghs_`, `ghr_`, `github_pat_`) or like a bearer credential.
 */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret === "") continue;
    clean = clean.replaceAll(secret, mask).replaceAll(encodeURIComponent(secret), mask);
  }
  return clean.replace(tokenPattern, mask).replace(bearerPattern, `$1 ${mask}`);
}

const mask = "[redacted]";
const tokenPattern = /\b(?:gh[a-z]_|github_pat_)[A-Za-z0-9_.-]{4,}/g;
const bearerPattern = /\b(bearer|basic)\s+(?!\[redacted\])[^\s"',;]{4,}/gi;
