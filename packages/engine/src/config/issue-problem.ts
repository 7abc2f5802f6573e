import type { BaseIssue } from "valibot";
import type { Problem } from "../result/problem.ts";
import { describeValue } from "./describe-value.ts";
import { nearestName } from "./nearest-name.ts";

/** The problems that a Valibot issue tells: what was found, what is allowed, and the fix where it is known. */
export function issueProblems(issue: BaseIssue<unknown>): Problem[] {
  const path = issuePath(issue);
  // Where one of several alternatives was meant, its inner problems are told, not that none of them fits.
  const inner = issue.issues?.filter((candidate) => candidate.path !== undefined) ?? [];
  if (inner.length > 0) {
    return inner.flatMap(issueProblems).map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
  }
  return [{ path, ...explain(issue) }];
}

function issuePath(issue: BaseIssue<unknown>): string[] {
  return (issue.path ?? []).map((item) => String(item.key));
}

function explain(issue: BaseIssue<unknown>): { message: string; suggestion?: string } {
  const allowed = issue.message;
  const { input } = issue;
  if (input === null) {
    const orRemove = issue.path === undefined ? "" : ", or remove the key";
    return { message: `is empty; give ${allowed}${orRemove}` };
  }
  const told = `must be ${allowed}, found ${describeValue(input)}`;
  if (issue.type === "string" && (typeof input === "number" || typeof input === "boolean")) {
    const quoted = JSON.stringify(String(input));
    return { message: `${told}; put it in quotes: ${quoted}`, suggestion: quoted };
  }
  if (typeof input === "string") {
    if (issue.type === "number" && /^\s*-?\d+(?:\.\d+)?\s*$/.test(input)) {
      const bare = input.trim();
      return { message: `${told}; write it without quotes: ${bare}`, suggestion: bare };
    }
    const names = [...(issue.expected ?? "").matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
    const near = nearestName(input, names);
    if (near !== null) return { message: `${told}; did you mean "${near}"?`, suggestion: near };
  }
  return { message: told };
}
