import type { Problem, Result } from "@cmo/engine";
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";
import { findDeepNesting } from "./yaml-nesting.ts";

/** A place in a text, both counted from 1. */
export interface TextPosition {
  line: number;
  column: number;
}

/** YAML that was read, with the way back from a value to its place in the text. */
export interface YamlDocument {
  /** Plain data; null for a text without any. */
  readonly value: unknown;
  /** The place of the key (or list item) that a path leads to, or of the nearest one above it. */
  locate(path: readonly string[]): TextPosition;
}

/**
 * Reads one YAML 1.2 document with the core schema: dates stay text, keys are text and unique, there are no merge keys
 * and no tags of other schemas, and aliases may multiply what is there only so far. Never throws; every problem has its
 * line and column.
 */
export function readYaml(text: string): Result<YamlDocument> {
  const deep = findDeepNesting(text);
  if (deep !== null) return { ok: false, problems: [deep] };
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      version: "1.2",
      schema: "core",
      merge: false,
      uniqueKeys: true,
      stringKeys: true,
      strict: true,
      prettyErrors: false,
      // "silent" would also keep quiet about a second document.
      logLevel: "error",
      lineCounter: lines,
    });
    const faults = [...document.errors, ...document.warnings].slice(0, mostSyntaxProblems);
    if (faults.length > 0) {
      return { ok: false, problems: faults.map((fault) => syntaxProblem(fault, text, lines)) };
    }
    const aliases = aliasesOf(document);
    const value = aliases.length > mostAliases ? { ok: false as const } : toData(document);
    if (!value.ok) return { ok: false, problems: [aliasProblem(document, aliases, lines)] };
    return {
      ok: true,
      value: { value: value.value, locate: (path) => positionAt(lines, offsetOf(document, path)) },
      warnings: [],
    };
  } catch (thrown) {
    return { ok: false, problems: [{ path: [], message: hostileText(thrown) }] };
  }
}

const mostSyntaxProblems = 20;
// How many values all aliases of a document together may stand for; a config has a few dozen values.
const mostAliasCount = 100;
// Each alias is looked up by walking the document.
const mostAliases = 100;

function hostileText(thrown: unknown): string {
  if (thrown instanceof RangeError) return "is nested too deeply to be read";
  return `cannot be read as YAML: ${thrown instanceof Error ? thrown.message : "unknown failure"}`;
}

function toData(document: Document.Parsed): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: mostAliasCount }) };
  } catch (thrown) {
    if (thrown instanceof ReferenceError) return { ok: false };
    throw thrown;
  }
}

function aliasesOf(document: Document.Parsed): Alias[] {
  const aliases: Alias[] = [];
  visit(document, {
    Alias(_, alias) {
      aliases.push(alias);
      return aliases.length > mostAliases ? visit.BREAK : undefined;
    },
  });
  return aliases;
}

function aliasProblem(document: Document.Parsed, aliases: readonly Alias[], lines: LineCounter): Problem {
  const dangling = aliases.find((alias) => alias.resolve(document) === undefined);
  const message =
    dangling === undefined
      ? "aliases (*name) multiply what is here beyond what is accepted"
      : `the alias *${dangling.source} names nothing that stands before it`;
  return { path: [], message, ...positionAt(lines, startOf(dangling ?? aliases[0]) ?? 0) };
}

function syntaxProblem(fault: YAMLError, text: string, lines: LineCounter): Problem {
  const [offset] = fault.pos;
  const explained = explainSyntax(fault);
  const position = positionAt(lines, offset);
  const line = text.slice(lines.lineStarts[position.line - 1] ?? 0).split(/\r?\n/, 1)[0] ?? "";
  return { path: [], message: `${explained.slice(0, 200)}${syntaxHint(fault, line)}`, ...position };
}

function explainSyntax(fault: YAMLError): string {
  switch (fault.code) {
    case "MULTIPLE_DOCS":
      return "a second document begins here; a config is one document";
    case "DUPLICATE_KEY":
      return "this key was given before; each key may be given once";
    case "TAB_AS_INDENT":
      return "a tab indents this line; YAML wants spaces";
    case "TAG_RESOLVE_FAILED":
      return `${fault.message.replace(/^Unresolved tag: /, "the tag ")} is not accepted; write plain values`;
    case "NON_STRING_KEY":
      return "a key must be text";
    default:
      return `not valid YAML: ${fault.message}`;
  }
}

// The three ways in which the values of a campaign trip over YAML's own signs.
function syntaxHint(fault: YAMLError, line: string): string {
  if (/:\s*\{\{/.test(line)) return '; put text that begins with {{ in quotes: "{{ language }} …"';
  if (/:\s*[>|]\s*[=\d]/.test(line)) return '; put text that begins with > in quotes: ">=500"';
  if (fault.code === "BAD_SCALAR_START" && /(?:-|:)\s*@/.test(line))
    return '; put text that begins with @ in quotes: "@host.example"';
  return "";
}

function positionAt(lines: LineCounter, offset: number): TextPosition {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function offsetOf(document: Document.Parsed, path: readonly string[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
      if (pair === undefined) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      if (node === undefined) break;
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}
