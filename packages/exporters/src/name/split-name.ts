/** A person's name in the two parts that address books ask for. */
export interface SplitName {
  readonly firstName: string | null;
  /** Null when the name does not tell one. */
  readonly lastName: string | null;
}

/**
 * Splits a published name carefully; where it cannot know, it keeps words together instead of guessing.
 *
 * - `Ada Maria Example`: the last word is the last name; `Lena van der Berg`: from its particle on.
 * - `Example, Ada`: as written. `Ada Example, PhD`: the title is left out, and so is what stands in brackets.
 * - `山田 太郎`, `김 철수`: the family name stands first. `山田太郎`: not split, all of it is the last name, since those
 *   who read it read it in that order.
 * - One word is a first name.
 */
export function splitName(name: string | null): SplitName {
  const plain = withoutAdditions(name ?? "");
  const [before, after, ...more] = plain.split(/\s*,\s*/u);
  if (before && after && more.length === 0) return { firstName: after, lastName: before };
  const words = plain.replaceAll(",", " ").split(/\s+/u).filter(Boolean);
  const [first] = words;
  if (first === undefined) return { firstName: null, lastName: null };
  const eastAsian = words.every((word) => eastAsianWord.test(word));
  if (words.length === 1)
    return eastAsian ? { firstName: null, lastName: first } : { firstName: first, lastName: null };
  if (eastAsian) return { firstName: words.slice(1).join(" "), lastName: first };
  if (alwaysParticle(first)) return { firstName: null, lastName: words.join(" ") };
  const at = words.findIndex((word, index) => index > 0 && index < words.length - 1 && isParticle(word));
  const split = at === -1 ? words.length - 1 : at;
  return { firstName: words.slice(0, split).join(" "), lastName: words.slice(split).join(" ") };
}

const eastAsianWord = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}々ー・]+$/u;
const brackets = /\([^()]*\)|\[[^[\]]*\]|（[^（）]*）/gu;
const titleAfterComma = /,\s*(?:ph\.?\s?d|m\.?d|m\.?sc|b\.?sc|mba|esq|jr|sr|ii|iii|iv)\.?(?=\s*(?:,|$))/giu;

/** Words that begin a last name, whether written small or with a capital. */
const particles: ReadonlySet<string> = new Set(
  "van von vom der den de del della di da dal dos das du la".split(" "),
);
/** Words that do so only when written small: with a capital they are first names too. */
const smallParticles: ReadonlySet<string> = new Set(
  "al af ap av bin bint do e el ibn le ter ten y zu zum zur".split(" "),
);

function isParticle(word: string): boolean {
  return particles.has(word.toLowerCase()) || smallParticles.has(word);
}

/** At the very start, `von Example` has no first name; `Van Example` may well be called Van. */
function alwaysParticle(word: string): boolean {
  return particles.has(word) || smallParticles.has(word);
}

function withoutAdditions(name: string): string {
  const plain = name.replace(brackets, " ").replace(titleAfterComma, "").trim();
  return plain === "" ? name.trim() : plain;
}
