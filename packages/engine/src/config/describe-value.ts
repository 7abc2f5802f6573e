/**
 * What was found, in a few words for a message: `"abc"`, `the number 42`, `a list of 3`. Long text is cut, what looks
 * like a token is not shown, and of an address only the domain.
 */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return describeText(value);
    case "number":
      return `the number ${Object.is(value, -0) ? "0" : String(value)}`;
    case "boolean":
      return String(value);
    case "undefined":
      return "nothing";
    case "object":
      if (value === null) return "nothing";
      if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
      return "a mapping";
    case "bigint":
      return "a very large number";
    case "function":
      return "a function";
    default:
      return "a symbol";
  }
}

const shownLength = 60;

function describeText(text: string): string {
  if (text === "") return "an empty text";
  // Cut before the patterns run, so that they never meet a megabyte.
  const start = text.slice(0, 4 * shownLength);
  if (secretPattern.test(start)) return "what looks like a token";
  const masked = start.replace(/[^\s@"'<>]{1,64}@(?=[^\s@]*\.)/g, "…@");
  const shown =
    masked.length > shownLength || text.length > start.length ? `${masked.slice(0, shownLength)}…` : masked;
  return JSON.stringify(shown);
}

const secretPattern = /\b(?:gh[a-z]_[A-Za-z0-9]|github_pat_)/;
