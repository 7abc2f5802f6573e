import * as v from "valibot";
import type { Problem } from "../result/problem.ts";
import type { Result } from "../result/result.ts";
import { describeValue } from "./describe-value.ts";
import { issueProblems } from "./issue-problem.ts";
import { createProblemList, type ProblemList } from "./problem-list.ts";
import {
  keyPaths,
  mayBeMissing,
  type SchemaNode,
  schemaNode,
  schemaShape,
  unwrapSchema,
} from "./schema-shape.ts";
import { unknownKeyProblem } from "./unknown-key.ts";

/**
 * Reads a value of any kind by a schema of strict objects. Gives every problem at once (a bounded number of them), with
 * the nearest known name for each unknown key. Never throws, whatever the value does when it is looked at, and takes
 * time in proportion to the keys it has. `rules` see the value once the schema is content with it.
 */
export function readStrictly<const T extends v.GenericSchema>(
  schema: T,
  value: unknown,
  rules: readonly ((output: v.InferOutput<T>) => readonly Problem[])[] = [],
): Result<v.InferOutput<T>> {
  return readKnown(schema, value, rules, null);
}

/**
 * As {@link readStrictly}, but keys that are not known are no problems: they are left out of the value, and their paths
 * are given, with dots.
 */
export function readLeniently<const T extends v.GenericSchema>(
  schema: T,
  value: unknown,
): { readonly result: Result<v.InferOutput<T>>; readonly unknownKeys: readonly string[] } {
  const unknownKeys: string[] = [];
  return { result: readKnown(schema, value, [], unknownKeys), unknownKeys };
}

function readKnown<const T extends v.GenericSchema>(
  schema: T,
  value: unknown,
  rules: readonly ((output: v.InferOutput<T>) => readonly Problem[])[],
  unknownKeys: string[] | null,
): Result<v.InferOutput<T>> {
  const problems = createProblemList();
  const node = schemaNode(schema);
  const walk: Walk = { problems, unknownKeys, root: node, told: new Set() };
  const clean = copyKnown(walk, node, value, []);
  const parsed = v.safeParse(schema, clean, { abortPipeEarly: true });
  for (const issue of parsed.issues ?? []) {
    for (const problem of issueProblems(issue)) {
      if (!walk.told.has(JSON.stringify(problem.path))) problems.add(problem);
    }
  }
  if (parsed.success && problems.count() === 0) {
    for (const rule of rules) for (const problem of rule(parsed.output)) problems.add(problem);
    if (problems.count() === 0) return { ok: true, value: parsed.output, warnings: [] };
  }
  return { ok: false, problems: problems.list() };
}

interface Walk {
  problems: ProblemList;
  /** Where unknown keys are noted; null where they are problems. */
  unknownKeys: string[] | null;
  /** The schema of the whole. */
  root: SchemaNode;
  /** Paths that have their problem already, so that Valibot's word on them is dropped. */
  told: Set<string>;
}

function tell(walk: Walk, path: readonly string[], message: string): undefined {
  walk.problems.add({ path, message });
  walk.told.add(JSON.stringify(path));
}

// A copy that holds plain data and known keys only, so that Valibot never touches a getter, a proxy or a cycle.
function copyKnown(walk: Walk, node: SchemaNode, value: unknown, path: readonly string[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  try {
    const day = readDate(value);
    if (day !== null) return day;
    return Array.isArray(value) ? copyList(walk, node, value, path) : copyMapping(walk, node, value, path);
  } catch {
    return tell(walk, path, unreadable);
  }
}

const unreadable = "cannot be read: looking at it fails";

function copyList(walk: Walk, node: SchemaNode, value: readonly unknown[], path: readonly string[]): unknown {
  const { list } = schemaShape(node, () => undefined);
  const length = value.length;
  if (list === null || length > list.maximum) {
    return tell(walk, path, `must be ${allowedBy(node)}, found ${describeValue(value)}`);
  }
  return Array.from({ length }, (_, index) => {
    const item = list.itemAt(index);
    return item === null ? null : copyKnown(walk, item, value[index], [...path, String(index)]);
  });
}

function copyMapping(walk: Walk, node: SchemaNode, value: object, path: readonly string[]): unknown {
  const { entries } = schemaShape(node, (key) => Reflect.get(value, key));
  if (entries === null || Object.prototype.toString.call(value) !== "[object Object]") {
    return tell(walk, path, `must be ${allowedBy(node)}, found ${describeValue(value)}`);
  }
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const keyPath = [...path, key];
    const inner = Object.hasOwn(entries, key) ? entries[key] : undefined;
    if (inner === undefined) tellUnknown(walk, keyPath, entries);
    else {
      const found = readKey(walk, value, key, keyPath);
      // A section with nothing under it (`params:`) is the same as no section.
      const isEmptySection =
        found === null && unwrapSchema(inner).type === "strict_object" && mayBeMissing(inner);
      if (found !== undefined && !isEmptySection) copy[key] = copyKnown(walk, inner, found, keyPath);
    }
  }
  for (const [key, inner] of Object.entries(entries)) {
    const keyPath = [...path, key];
    if (mayBeMissing(inner) || Object.hasOwn(copy, key) || walk.told.has(JSON.stringify(keyPath))) continue;
    tell(walk, keyPath, `is missing; give ${allowedBy(inner)}`);
  }
  return copy;
}

function tellUnknown(
  walk: Walk,
  path: readonly string[],
  entries: Readonly<Record<string, SchemaNode>>,
): void {
  if (walk.unknownKeys !== null) {
    walk.unknownKeys.push(path.join("."));
    return;
  }
  const problem: Problem = walk.problems.isFull()
    ? { path, message: "unknown key" }
    : unknownKeyProblem(path, Object.keys(entries), keyPaths(walk.root));
  walk.problems.add(problem);
}

function readKey(walk: Walk, value: object, key: string, path: readonly string[]): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return tell(walk, path, unreadable);
  }
}

// YAML 1.1 and JavaScript callers give dates as objects; midnight UTC is what an unquoted day becomes there.
function readDate(value: object): string | null {
  if (Object.prototype.toString.call(value) !== "[object Date]") return null;
  const time = Date.prototype.getTime.call(value);
  if (!Number.isFinite(time)) return "an invalid date";
  const text = new Date(time).toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text;
}

function allowedBy(node: SchemaNode): string {
  const { message } = unwrapSchema(node);
  return typeof message === "string" ? message : "a value";
}
