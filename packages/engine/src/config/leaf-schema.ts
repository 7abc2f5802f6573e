import * as v from "valibot";

/** A whole number between two bounds, both allowed. */
/* @__NO_SIDE_EFFECTS__ */
export function wholeNumber(minimum: number, maximum: number) {
  const allowed = `a whole number from ${minimum} to ${maximum}`;
  return v.pipe(
    v.number(allowed),
    v.integer(allowed),
    v.minValue(minimum, allowed),
    v.maxValue(maximum, allowed),
  );
}

/** Text of one to `maximum` characters that is more than white space and holds no control characters but line ends. */
/* @__NO_SIDE_EFFECTS__ */
export function plainText(maximum: number) {
  const allowed = `text of 1 to ${maximum} characters`;
  return v.pipe(v.string(allowed), v.regex(visibleText, allowed), v.maxLength(maximum, allowed));
}

/** One line of text of one to `maximum` characters. */
/* @__NO_SIDE_EFFECTS__ */
export function lineOfText(maximum: number) {
  const allowed = `one line of text, 1 to ${maximum} characters`;
  return v.pipe(v.string(allowed), v.regex(visibleLine, allowed), v.maxLength(maximum, allowed));
}

/** A list of at most `maximum` items. */
/* @__NO_SIDE_EFFECTS__ */
export function listOf<const T extends v.GenericSchema>(item: T, maximum: number, what: string) {
  const allowed = `a list of at most ${maximum} ${what}`;
  return v.pipe(v.array(item, allowed), v.maxLength(maximum, allowed));
}

/** `true` or `false`. */
/* @__NO_SIDE_EFFECTS__ */
export function trueOrFalse() {
  return v.boolean("true or false");
}

/** One of a list of words. */
/* @__NO_SIDE_EFFECTS__ */
export function oneOf<const T extends readonly string[]>(words: T) {
  return v.picklist(words, `one of ${words.join(", ")}`);
}

/** The name of a programming language as GitHub writes it. Characters that a search query would read as syntax are out. */
/* @__NO_SIDE_EFFECTS__ */
export function languageName(allowed = "the name of one language as GitHub writes it, such as Go or C++") {
  return v.pipe(v.string(allowed), v.regex(languagePattern, allowed), v.maxLength(60, allowed));
}

/** A GitHub topic. */
/* @__NO_SIDE_EFFECTS__ */
export function topicName() {
  const allowed = "a GitHub topic: lower-case letters, digits and hyphens, at most 50";
  return v.pipe(v.string(allowed), v.regex(topicPattern, allowed));
}

/** A day that exists, as `YYYY-MM-DD`. */
/* @__NO_SIDE_EFFECTS__ */
export function calendarDay() {
  const allowed = "a date that exists, as YYYY-MM-DD";
  return v.pipe(v.string(allowed), v.isoDate(allowed), v.check(dayExists, allowed));
}

const visibleText = /^(?=[\s\S]*\S)[^\p{Cc}\u2028\u2029]*(?:[\n\r\t][^\p{Cc}\u2028\u2029]*)*$/u;
const visibleLine = /^(?=.*\S)[^\p{Cc}\u2028\u2029]+$/u;
const languagePattern = /^[\p{L}\p{N}][\p{L}\p{N} +#*!.'()/_-]*$/u;
const topicPattern = /^[a-z0-9][a-z0-9-]{0,49}$/;

// `Date` rolls 30 February over to March; a day exists when it comes back as it went in.
function dayExists(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(day);
}
