import { nearestName, type Problem } from "@cmo/engine";
import type { BaseIssue } from "valibot";

/**
 * What is wrong with a request, field by field. Says what is allowed and never what was found: a value may be a secret
 * that came into the wrong field. `known` are the names at the top, for the nearest one.
 */
export function fieldProblems(issues: readonly BaseIssue<unknown>[], known: readonly string[]): Problem[] {
  return issues.slice(0, mostProblems).map((issue) => {
    const path = (issue.path ?? []).map(({ key }) => String(key));
    return isUnknownKey(issue)
      ? unknownName(path, known, "key")
      : { path: path.map(shown), message: told(issue) };
  });
}

/** The problem of a name that nobody knows, with the one that was most likely meant. */
export function unknownName(path: readonly string[], known: readonly string[], word: string): Problem {
  const name = path.at(-1) ?? "";
  const near = path.length === 1 ? nearestName(name, known) : null;
  const message =
    path.length === 1 ? `is no ${word} here; there are ${known.join(", ")}` : `is no ${word} here`;
  return {
    path: path.map(shown),
    message: near === null ? message : `is no ${word} here; did you mean ${near}?`,
    ...(near === null ? {} : { suggestion: near }),
  };
}

const mostProblems = 50;

/** A name as it may be repeated: one that nobody would take for anything else. */
function shown(name: string): string {
  return plainName.test(name) ? name : "…";
}

const plainName = /^[\w.$-]{1,40}$/;

function isUnknownKey({ type, expected }: BaseIssue<unknown>): boolean {
  return type === "strict_object" && expected === "never";
}

function told(issue: BaseIssue<unknown>): string {
  const { message, type, received } = issue;
  const expected = issue.expected ?? "something else";
  // Valibot's own words hold what was found.
  if (!message.startsWith("Invalid ")) return /^(?:must|is) /.test(message) ? message : `must be ${message}`;
  if (received === "undefined") return "is missing";
  switch (type) {
    case "min_length":
    case "max_length":
      return `must have a length of ${bound(expected)}`;
    case "min_value":
    case "max_value":
      return `must be ${bound(expected)}`;
    case "integer":
      return "must be a whole number";
    case "regex":
      return "does not have the right form";
    default:
      return `must be ${expected.replaceAll(kindPattern, (kind) => kinds[kind] ?? kind).replaceAll(" | ", " or ")}`;
  }
}

function bound(expected: string): string {
  return expected.replace(/^>=/, "at least ").replace(/^<=/, "at most ");
}

const kinds: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  Object: "a mapping",
  Array: "a list",
};
const kindPattern = /\b(?:string|number|boolean|Object|Array)\b/g;
