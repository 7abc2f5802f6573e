import {
  FAULT_NAMES,
  type FaultName,
  type FaultRule,
  OPERATION_KINDS,
  type OperationKind,
} from "./fault-rule.ts";

/** Something that is wrong with a fault script. */
export interface FaultProblem {
  /** Where: `[2].rate`, `slow.delay_ms`; empty for the whole. */
  path: string;
  /** What was found and what is allowed. */
  message: string;
}

/** The rules of a script, or everything that is wrong with it. */
export type ParsedFaults =
  | { ok: true; rules: readonly FaultRule[] }
  | { ok: false; problems: readonly FaultProblem[] };

/**
 * Reads a fault script as it stands in a config: a list of rules or an object by fault name; keys in snake_case or in
 * camelCase. Never throws.
 */
export function parseFaults(value: unknown): ParsedFaults {
  const problems: FaultProblem[] = [];
  const rules: FaultRule[] = [];
  const add = (path: string, entry: unknown, fault?: FaultName) => {
    const rule = parseRule(path, entry, fault, problems);
    if (rule !== null) rules.push(rule);
  };
  if (value === undefined || value === null) return { ok: true, rules };
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) add(`[${index}]`, entry);
  } else if (isRecord(value)) {
    for (const [key, entry] of Object.entries(value)) {
      const fault = FAULT_NAMES.find((name) => name === key);
      if (fault === undefined) problems.push({ path: key, message: unknownName("fault", key, FAULT_NAMES) });
      else if (typeof entry === "number") add(key, { rate: entry }, fault);
      else add(key, entry, fault);
    }
  } else {
    problems.push({
      path: "",
      message: `Expected a list of rules or an object of rates, found ${describe(value)}.`,
    });
  }
  return problems.length === 0 ? { ok: true, rules } : { ok: false, problems };
}

type Check = (value: unknown) => string | null;

const SETTINGS: Record<Exclude<keyof FaultRule, "fault" | "operation">, Check> = {
  at: wholeNumber(1),
  every: wholeNumber(1),
  rate: share,
  times: wholeNumber(1),
  delayMs: atLeastZero,
  retryAfterSeconds: (value) => (value === null ? null : atLeastZero(value)),
  resetAfterSeconds: atLeastZero,
  share,
  ids: (value) =>
    Array.isArray(value) && value.every((id) => typeof id === "string")
      ? null
      : `Expected a list of node ids, found ${describe(value)}.`,
  location: (value) =>
    typeof value === "string" && URL.canParse(value)
      ? null
      : `Expected an absolute URL, found ${describe(value)}.`,
  status: (value) =>
    [301, 302, 307, 308].includes(Number(value))
      ? null
      : `Expected 301, 302, 307 or 308, found ${describe(value)}.`,
};

function parseRule(
  path: string,
  entry: unknown,
  fault: FaultName | undefined,
  problems: FaultProblem[],
): FaultRule | null {
  if (!isRecord(entry)) {
    const expected =
      fault === undefined
        ? "a rule such as { fault: bad_gateway, at: 1 }"
        : "a rate from 0 to 1, or settings";
    problems.push({ path, message: `Expected ${expected}, found ${describe(entry)}.` });
    return null;
  }
  const before = problems.length;
  const settings: Record<string, unknown> = {};
  let name = fault;
  let operation: OperationKind | undefined;
  for (const [key, value] of Object.entries(entry)) {
    if (value === undefined) continue;
    const at = `${path}.${key}`;
    const setting = camelCase(key);
    if (setting === "fault" && fault === undefined) {
      name = FAULT_NAMES.find((known) => known === value);
      if (name === undefined) problems.push({ path: at, message: unknownName("fault", value, FAULT_NAMES) });
    } else if (setting === "operation") {
      operation = OPERATION_KINDS.find((known) => known === value);
      if (operation === undefined && value !== "any") {
        problems.push({ path: at, message: unknownName("operation", value, [...OPERATION_KINDS, "any"]) });
      }
    } else if (isSetting(setting)) {
      const message = SETTINGS[setting](value);
      if (message === null) settings[setting] = value;
      else problems.push({ path: at, message });
    } else {
      problems.push({ path: at, message: unknownName("setting", key, Object.keys(SETTINGS).map(snakeCase)) });
    }
  }
  if (name === undefined) {
    if (!("fault" in entry))
      problems.push({ path, message: `The rule names no fault. Known: ${FAULT_NAMES.join(", ")}.` });
    return null;
  }
  if (problems.length > before) return null;
  return { ...settings, fault: name, ...(operation === undefined ? {} : { operation }) };
}

function isSetting(key: string): key is keyof typeof SETTINGS {
  return Object.hasOwn(SETTINGS, key);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wholeNumber(least: number): Check {
  return (value) =>
    Number.isSafeInteger(value) && Number(value) >= least
      ? null
      : `Expected a whole number of at least ${least}, found ${describe(value)}.`;
}

function share(value: unknown): string | null {
  return typeof value === "number" && value >= 0 && value <= 1
    ? null
    : `Expected a number from 0 to 1, found ${describe(value)}.`;
}

function atLeastZero(value: unknown): string | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0
    ? null
    : `Expected a number of at least 0, found ${describe(value)}.`;
}

function unknownName(kind: string, found: unknown, known: readonly string[]): string {
  const nearest = typeof found === "string" ? nearestName(found, known) : null;
  const hint = nearest === null ? `Known: ${known.join(", ")}.` : `Did you mean ${nearest}?`;
  return `Unknown ${kind} ${describe(found)}. ${hint}`;
}

function nearestName(found: string, known: readonly string[]): string | null {
  let best: { name: string; distance: number } | null = null;
  for (const name of known) {
    const distance = editDistance(found, name);
    if (distance <= 3 && (best === null || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? null;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

function camelCase(key: string): string {
  return key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
