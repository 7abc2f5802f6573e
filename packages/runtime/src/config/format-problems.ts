import { overrideMark, type Problem } from "@cmo/engine";

/**
 * Problems as lines for people and editors, one each: `config/x.yaml:3:5 params.langauge: unknown key …`. Control
 * characters and signs that turn the direction of text are shown as `·`: keys and values come from outside.
 */
export function formatProblems(problems: readonly Problem[], fileName: string): string {
  return problems.map((problem) => formatProblem(problem, fileName).replace(unprintable, "·")).join("\n");
}

function formatProblem({ path, message, line, column }: Problem, fileName: string): string {
  const [first, ...rest] = path;
  if (first === overrideMark) return `${[overrideMark, rest.join(".")].join(" ").trim()}: ${message}`;
  const place = line === undefined ? fileName : `${fileName}:${line}:${column ?? 1}`;
  if (path.length > 0)
    return line === undefined
      ? `${place}: ${path.join(".")}: ${message}`
      : `${place} ${path.join(".")}: ${message}`;
  return line === undefined ? `${place}: ${message}` : `${place} ${message}`;
}

const unprintable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
