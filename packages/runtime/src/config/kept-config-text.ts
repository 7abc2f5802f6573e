import { isMap, isScalar, parseDocument, stringify } from "yaml";

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

/** The rest stays to the letter, so the value is cut out of the text and not out of what was read of it. */
function withoutSuppressed(text: string): string {
  const { contents } = parseDocument(text, { version: "1.2", schema: "core", stringKeys: true });
  if (!isMap(contents)) return text;
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === "suppress");
  const range = (pair?.value as { readonly range?: readonly number[] | null } | null | undefined)?.range;
  const [begin, , end] = range ?? [];
  if (begin === undefined || end === undefined || begin === end) return text;
  const cut = text.slice(begin, end);
  // In a mapping on one line there is no place for a comment.
  const kept = cut.endsWith("\n") ? `[] ${note}\n` : "[]";
  return text.slice(0, begin) + kept + text.slice(end);
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
