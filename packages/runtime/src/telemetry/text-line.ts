/**
 * A line of a log for a person: `07:26:08Z info  job taken jobId=job_… attempt=1`. A stack follows on lines of its own.
 * Nothing in it moves a terminal's cursor or turns its text around.
 */
export function textLine(
  time: string,
  level: string,
  message: string,
  facts: readonly (readonly [string, string | number | boolean])[],
): string {
  const pairs = facts.flatMap(([key, value]) => (key === "stack" ? [] : [` ${key}=${plainly(value)}`]));
  const stack = facts.find(([key]) => key === "stack")?.[1] ?? "";
  const below = `${stack}`
    .split("\n")
    .flatMap((line) => (line === "" ? [] : [`    ${escaped(line.trim())}\n`]));
  return `${time.slice(11, 19)}Z ${level.padEnd(5)} ${escaped(message)}${pairs.join("")}\n${below.join("")}`;
}

function plainly(value: string | number | boolean): string {
  if (typeof value !== "string") return `${value}`;
  return /^[\w.:/*@+-]+$/.test(value) ? value : escaped(JSON.stringify(value));
}

/** Control characters, line and paragraph separators, and marks that change the direction of text. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function escaped(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
