import type { Problem } from "@cmo/engine";
import { RequestRefused } from "./request-refused.ts";

/**
 * Parses the JSON of a request's body into plain data.
 * @throws RequestRefused `usage` for text that is no JSON, is nested too deep, or holds what no field may hold: keys
 * that mean something else to JavaScript, numbers beyond all bounds, text that is no Unicode or has a NUL.
 */
export function parseJsonBody(text: string): unknown {
  if (depthOf(text) > deepest) throw refused([], `is nested deeper than ${deepest} levels`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new RequestRefused("usage", "The body is no JSON.", { hint: "Send one JSON value, in UTF-8." });
  }
  const problem = unfitIn(value, []);
  if (problem !== null) throw refused(problem.path, problem.message);
  return value;
}

/** More than any config has. */
const deepest = 40;

function refused(path: readonly string[], message: string): RequestRefused {
  return new RequestRefused("usage", "The body is not right.", { problems: [{ path, message }] });
}

/** How deep brackets are nested, outside of strings. Never recurses: it is asked before anything that does. */
function depthOf(text: string): number {
  let depth = 0;
  let greatest = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === backslash) index += 1;
      else if (code === quote) isInString = false;
    } else if (code === quote) isInString = true;
    else if (code === openBrace || code === openBracket) {
      depth += 1;
      if (depth > greatest) greatest = depth;
    } else if (code === closeBrace || code === closeBracket) depth -= 1;
  }
  return greatest;
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [
  0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d,
];

function unfitIn(value: unknown, path: readonly string[]): Problem | null {
  if (typeof value === "string")
    return unfitText.test(value) ? { path, message: "holds no proper text" } : null;
  if (typeof value === "number")
    return Number.isFinite(value) ? null : { path, message: "is too large a number" };
  if (typeof value !== "object" || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    if (unfitKeys.has(key) || unfitText.test(key)) return { path, message: "has a key that is not allowed" };
    const problem = unfitIn(item, [...path, key]);
    if (problem !== null) return problem;
  }
  return null;
}

const unfitKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Half of a character, or NUL, which not every store can keep. */
const unfitText = /[\0\p{Surrogate}]/u;
