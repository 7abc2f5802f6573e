import * as v from "valibot";

/** A whole number from `least` to `most`, as text. */
export function wholeNumber(least: number, most: number) {
  return v.pipe(
    v.string("a single value"),
    v.regex(/^-?\d{1,15}$/, "a whole number"),
    v.transform(Number),
    v.number(),
    v.integer(),
    v.minValue(least),
    v.maxValue(most),
  );
}

/** A number, as text. */
export function anyNumber() {
  return v.pipe(
    v.string("a single value"),
    v.regex(/^-?\d{1,15}(?:\.\d{1,15})?$/, "a number"),
    v.transform(Number),
    v.number(),
  );
}

/** `true` or `false`. */
export function yesOrNo() {
  return v.pipe(
    v.picklist(["true", "false"], "true or false"),
    v.transform((text) => text === "true"),
    v.boolean(),
  );
}

/** Some of these words, with commas between them, or the key more than once. */
export function wordList<const T extends readonly [string, ...string[]]>(words: T) {
  return v.pipe(
    v.union([v.string(), v.array(v.string())], "a list with commas"),
    v.transform((text) => (typeof text === "string" ? text : text.join(",")).split(",")),
    v.array(v.picklist(words, `some of ${words.join(", ")}`)),
    v.minLength(1),
    v.maxLength(50),
  );
}

/** Text of a length from 1 to `most`. */
export function shortText(most: number) {
  return v.pipe(v.string("a single value"), v.minLength(1), v.maxLength(most));
}

/** Text of a length from 1 to `most`, any number of times. */
export function textList(most: number) {
  return v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.transform((text) => (typeof text === "string" ? [text] : text)),
    v.array(shortText(most)),
    v.maxLength(100),
  );
}
