import { isMap, isNode, isScalar, parseDocument, type Range, stringify } from "yaml";
import { readYaml } from "./yaml-document.ts";

/** The largest text that is kept with a job, in UTF-16 code units: as large as a config may be. */
export const mostConfigText = 256 * 1024;

/** What is set over a config, and how secrets are taken out of text. */
export interface KeptConfigOptions {
  /** As `--set` takes them. Default: none. */
  readonly set?: readonly string[] | undefined;
  /** Takes tokens and the names of addresses out of text. */
  readonly redact: (text: string) => string;
}

/**
 * A config as it is kept with its job: the text as it was written, with what was set over it as comments at its end. The
 * suppression list is cut out of it, since a job holds only keyed hashes of whom it leaves out; addresses and what looks
 * like a token are masked wherever they stand. `config` is a right config: YAML text, or a mapping, which is written as
 * YAML. Null for what is too large to be kept.
 */
export function keptConfigText(
  config: string | Readonly<Record<string, unknown>>,
  { set = [], redact }: KeptConfigOptions,
): string | null {
  const text = typeof config === "string" ? config : stringify(config);
  const overrides = set.map(
    (one) => `# --set ${oneLine(suppressKey.test(one) ? one.replace(/=.*/s, cutValue) : one)}\n`,
  );
  if (text.length > mostConfigText) return null;
  const rest = withoutSuppressed(text);
  const whole = `${rest}${rest.endsWith("\n") ? "" : "\n"}${overrides.join("")}`;
  // Looking for addresses takes the square of the longest word.
  const kept = masked(redact(whole.replaceAll(longWord, "[long text]")));
  return kept.length > mostConfigText ? null : kept;
}

const suppressKey = /^\s*suppress\b/;
const note = "# cut out: a job holds only keyed hashes of these";
const cutValue = `=[] ${note}`;

/** The rest stays to the letter, so the list is cut out of the text, with the comments in it. */
function withoutSuppressed(text: string): string {
  const document = parseDocument(text, { version: "1.2", schema: "core", stringKeys: true });
  if (!isMap(document.contents)) return text;
  const pair = document.contents.items.find(({ key }) => isScalar(key) && key.value === "suppress");
  const begin = rangeOf(pair?.key)?.[1];
  const value = rangeOf(pair?.value);
  if (begin === undefined || value === undefined || value[0] === value[1]) return text;
  // In a mapping on one line there is no place for a comment.
  const isOnLines = text.slice(value[0], value[2]).endsWith("\n");
  const rest = `${text.slice(0, begin)}: []${isOnLines ? ` ${note}\n` : ""}${text.slice(value[2])}`;
  return isWithout(rest) ? rest : stringify({ ...document.toJS(), suppress: [] });
}

/** Where a node begins, where it ends, and where what follows begins, in the text. */
function rangeOf(node: unknown): Range | undefined {
  return isNode(node) ? (node.range ?? undefined) : undefined;
}

/** Whether the text is a config still, with an empty list: some have it in a form that a cut breaks. */
function isWithout(text: string): boolean {
  const read = readYaml(text);
  if (!read.ok) return false;
  const { value } = read.value;
  const { suppress = null } =
    typeof value === "object" && value !== null ? (value as { suppress?: unknown }) : {};
  return Array.isArray(suppress) && suppress.length === 0;
}

/** Nobody writes one, and what stands in an address may. */
const longWord = /[^\s"',:;()[\]<>]{500,}/g;

/** What is left of an address that was redacted may still be the name of somebody's own domain. */
function masked(text: string): string {
  return text.replace(/\*{3}@[\p{L}\p{N}.-]+/gu, "[address]");
}

/** A text that goes on on another line would be no comment there. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, " ");
}
