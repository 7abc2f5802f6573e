/** An inclusive range of numbers or times; null where it is open. */
export interface SearchRange {
  min: number | null;
  max: number | null;
}

/** How results are ordered. `best-match` is what GitHub does without a sort term; its pages overlap. */
type SearchSort = {
  by: "best-match" | "stars" | "forks" | "updated" | "created";
  descending: boolean;
};

/** One condition on a repository. */
export type SearchCondition =
  | { kind: "text"; text: string; negated: boolean }
  | { kind: "language" | "topic"; value: string; negated: boolean }
  | { kind: "license" | "account" | "repository"; value: string; negated: boolean }
  | { kind: "stars" | "pushed" | "created" | "topics"; range: SearchRange; negated: boolean }
  | { kind: "forks" | "size"; range: SearchRange; negated: boolean }
  | { kind: "archived" | "mirror" | "template"; wanted: boolean }
  | { kind: "fork"; wanted: "only" | "include" | "exclude" }
  | { kind: "private" };

/** A search as it was understood. */
export interface SearchQuery {
  conditions: readonly SearchCondition[];
  sort: SearchSort;
}

/** A search, or what GitHub would refuse it for. */
export type ParsedSearchQuery = { ok: true; query: SearchQuery } | { ok: false; message: string };

/** Reads the text of a repository search (docs: searching for repositories). */
export function parseSearchQuery(text: string): ParsedSearchQuery {
  const tokens = tokenize(text);
  const conditions: SearchCondition[] = [];
  let sort: SearchSort = { by: "best-match", descending: true };
  let plain = 0;
  let operators = 0;
  let negateNext = false;

  for (const token of tokens) {
    if (token.qualifier === null) {
      if (["AND", "OR", "NOT"].includes(token.value) && !token.quoted) {
        operators += 1;
        if (token.value === "OR")
          return refuse("The simulator does not model OR: ask one search per alternative.");
        negateNext = token.value === "NOT";
        continue;
      }
      plain += token.value.length + 1;
      conditions.push({
        kind: "text",
        text: token.value.toLowerCase(),
        negated: token.negated || negateNext,
      });
      negateNext = false;
      continue;
    }
    if (token.qualifier === "sort") {
      const parsed = parseSort(token.value);
      if (parsed === null) return refuse(`"${token.value}" is not a sort term.`);
      sort = parsed;
      continue;
    }
    const condition = parseQualifier(token.qualifier, token.value, token.negated || negateNext);
    negateNext = false;
    if (typeof condition === "string") return refuse(condition);
    if (condition !== null) conditions.push(condition);
  }
  if (plain > 257) return refuse("The search is longer than 256 characters.");
  if (operators > 5) return refuse("More than five AND / OR / NOT operators were used.");
  if (!conditions.some((condition) => condition.kind === "fork"))
    conditions.push({ kind: "fork", wanted: "exclude" });
  return { ok: true, query: { conditions, sort } };
}

interface Token {
  qualifier: string | null;
  value: string;
  negated: boolean;
  quoted: boolean;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/(-)?(?:([a-z][a-z-]*):)?(?:"([^"]*)"|(\S+))/gi)) {
    const [, minus, qualifier, quoted, bare] = match;
    tokens.push({
      qualifier: qualifier === undefined ? null : qualifier.toLowerCase(),
      value: quoted ?? bare ?? "",
      negated: minus !== undefined,
      quoted: quoted !== undefined,
    });
  }
  return tokens;
}

function parseQualifier(qualifier: string, value: string, negated: boolean): SearchCondition | null | string {
  switch (qualifier) {
    case "language":
    case "topic":
    case "license":
      return { kind: qualifier, value: value.toLowerCase(), negated };
    case "user":
    case "org":
      return { kind: "account", value: value.toLowerCase(), negated };
    case "repo":
      return { kind: "repository", value: value.toLowerCase(), negated };
    case "stars":
    case "forks":
    case "size":
    case "topics": {
      const range = parseRange(value, numberBounds);
      return range === null
        ? `"${value}" is not a range of ${qualifier}.`
        : { kind: qualifier, range, negated };
    }
    case "pushed":
    case "created": {
      const range = parseRange(value, dateBounds);
      return range === null
        ? `"${value}" is not a range of dates for ${qualifier}.`
        : { kind: qualifier, range, negated };
    }
    case "archived":
    case "mirror":
    case "template":
      if (value !== "true" && value !== "false")
        return `"${value}" is neither true nor false for ${qualifier}.`;
      return { kind: qualifier, wanted: (value === "true") !== negated };
    case "fork":
      if (value === "only") return { kind: "fork", wanted: "only" };
      if (value === "true") return { kind: "fork", wanted: negated ? "exclude" : "include" };
      return value === "false"
        ? { kind: "fork", wanted: "exclude" }
        : `"${value}" is not true, false or only for fork.`;
    case "is":
      return value === "private" ? { kind: "private" } : null;
    case "in":
      return null;
    default:
      return { kind: "text", text: `${qualifier}:${value}`.toLowerCase(), negated };
  }
}

function parseSort(value: string): SearchSort | null {
  const match = /^(best-match|stars|forks|updated|created)(?:-(asc|desc))?$/.exec(value);
  const by = match?.[1] as SearchSort["by"] | undefined;
  return by === undefined ? null : { by, descending: match?.[2] !== "asc" };
}

type Bounds = (text: string) => { low: number; high: number } | null;

function parseRange(value: string, bounds: Bounds): SearchRange | null {
  const compared = /^(>=|<=|>|<)(.+)$/.exec(value);
  if (compared !== null) {
    const limit = bounds(compared[2] ?? "");
    if (limit === null) return null;
    switch (compared[1]) {
      case ">=":
        return { min: limit.low, max: null };
      case ">":
        return { min: limit.high + 1, max: null };
      case "<=":
        return { min: null, max: limit.high };
      default:
        return { min: null, max: limit.low - 1 };
    }
  }
  const split = /^(.+?)\.\.(.+)$/.exec(value);
  if (split === null) {
    const exact = bounds(value);
    return exact === null ? null : { min: exact.low, max: exact.high };
  }
  const min = split[1] === "*" ? null : bounds(split[1] ?? "");
  const max = split[2] === "*" ? null : bounds(split[2] ?? "");
  if ((split[1] !== "*" && min === null) || (split[2] !== "*" && max === null)) return null;
  return { min: min?.low ?? null, max: max?.high ?? null };
}

function numberBounds(text: string): { low: number; high: number } | null {
  return /^\d+$/.test(text) ? { low: Number(text), high: Number(text) } : null;
}

/** A day reaches from its first to its last second; a time is one second. */
function dateBounds(text: string): { low: number; high: number } | null {
  if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return null;
  const low = Date.parse(text.includes("T") && !/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text);
  if (Number.isNaN(low)) return null;
  return { low, high: low + (text.includes("T") ? 999 : 86_400_000 - 1) };
}

function refuse(message: string): { ok: false; message: string } {
  return { ok: false, message };
}
