import type { Problem } from "../result/problem.ts";
import type { Result } from "../result/result.ts";
import { campaignConfigSchema } from "./campaign-config.ts";
import { describeValue } from "./describe-value.ts";
import { createProblemList } from "./problem-list.ts";
import { keyPaths, schemaNode } from "./schema-shape.ts";
import { unknownKeyProblem } from "./unknown-key.ts";

/** One value to set over a config: `--set language=Go` is `{ path: ["language"], value: "Go" }`. */
export interface CampaignOverride {
  path: readonly string[];
  value: unknown;
}

/** What the path of a problem with an override begins with. */
export const overrideMark = "--set";

/**
 * A copy of a config (not read yet) with values set over it, later ones over earlier ones. A path of one name is in
 * `params`, or else at the top; others are walked from the top, and what is missing on the way is made. Unknown keys
 * are problems; their paths begin with {@link overrideMark}. The value given is not changed.
 */
export function applyOverrides(value: unknown, overrides: readonly CampaignOverride[]): Result<unknown> {
  const problems = createProblemList();
  const known = keyPaths(schemaNode(campaignConfigSchema));
  let changed = value;
  for (const override of overrides) {
    const path = placeOf(override.path, known);
    if ("message" in path) problems.add(path);
    else {
      const step = setAt(changed, path, override.value, []);
      if (step.ok) changed = step.value;
      else for (const problem of step.problems) problems.add(problem);
    }
  }
  return problems.count() === 0
    ? { ok: true, value: changed, warnings: [] }
    : { ok: false, problems: problems.list() };
}

/** Where an override's value goes in the config; null for a path that is not known. */
export function overridePlace(path: readonly string[]): readonly string[] | null {
  const place = placeOf(path, keyPaths(schemaNode(campaignConfigSchema)));
  return "message" in place ? null : place;
}

function placeOf(
  path: readonly string[],
  known: readonly (readonly string[])[],
): readonly string[] | Problem {
  const candidates = path.length === 1 ? [["params", ...path], path] : [path];
  const place = candidates.find((candidate) => known.some((key) => isSame(key, candidate)));
  if (place !== undefined) return place;
  const parent = path.slice(0, -1);
  const parents = path.length === 1 ? [[], ["params"]] : [parent];
  const siblings = known
    .filter((key) => parents.some((begin) => isSame(key.slice(0, -1), begin)))
    .map((key) => key.at(-1) ?? "");
  const problem =
    siblings.length > 0 || path.length === 0
      ? unknownKeyProblem(path, siblings, known)
      : unknownKeyProblem(path, known.filter((key) => key.length === 1).map(String), known);
  return { ...problem, path: [overrideMark, ...path] };
}

function setAt(
  container: unknown,
  path: readonly string[],
  value: unknown,
  walked: readonly string[],
): Result<unknown> {
  const [key, ...rest] = path;
  if (key === undefined) return { ok: true, value, warnings: [] };
  const mapping = asMapping(container, walked);
  if (mapping === null) {
    const where = walked.length === 0 ? "the config" : walked.join(".");
    return {
      ok: false,
      problems: [
        {
          path: [overrideMark, ...walked, ...path],
          message: `cannot be set: ${where} is ${describeValue(container)}, not a mapping`,
        },
      ],
    };
  }
  const inner = setAt(mapping[key], rest, value, [...walked, key]);
  return inner.ok ? { ok: true, value: { ...mapping, [key]: inner.value }, warnings: [] } : inner;
}

function asMapping(container: unknown, walked: readonly string[]): Record<string, unknown> | null {
  if (container === undefined || container === null) return {};
  // `source: github` is short for a mapping with that type.
  if (typeof container === "string" && isSame(walked, ["source"])) return { type: container };
  if (typeof container !== "object" || Array.isArray(container)) return null;
  return container as Record<string, unknown>;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index]);
}
