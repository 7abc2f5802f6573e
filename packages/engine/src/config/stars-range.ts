import * as v from "valibot";
import { wholeNumber } from "./leaf-schema.ts";

/** How many stars a repository has, both ends included; `max: null` is no upper end. */
export interface StarsRange {
  min: number;
  max: number | null;
}

/** More stars than any repository has; keeps a range inside what a search query can hold. */
const mostStars = 10_000_000;

/** A range of stars in its resolved form. */
/* @__NO_SIDE_EFFECTS__ */
export function resolvedStarsRange() {
  return v.pipe(
    v.strictObject(
      { min: wholeNumber(0, mostStars), max: v.nullable(wholeNumber(0, mostStars)) },
      "a mapping with min and max",
    ),
    v.check((range) => range.max === null || range.min <= range.max, "a range whose min is at most its max"),
  );
}

/**
 * A range of stars in any of the forms that people write: `500..5000`, `500..`, `..5000`, `>=500`, `<=5000`,
 * `[500, 5000]`, `{ min: 500, max: 5000 }`.
 */
/* @__NO_SIDE_EFFECTS__ */
export function writtenStarsRange() {
  const end = wholeNumber(0, mostStars);
  return v.pipe(
    v.union(
      [
        v.string(),
        v.strictTuple([end, v.nullable(end)]),
        v.strictObject({ min: v.optional(end), max: v.optional(v.nullable(end)) }),
      ],
      allowedStarsRange,
    ),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const range = readStarsRange(dataset.value);
      if (range !== null) return range;
      addIssue({ message: allowedStarsRange });
      return NEVER;
    }),
  );
}

/** A range as people read it: `500..5000`, `>=500`. The form reads back as the same range. */
export function formatStarsRange(range: Readonly<StarsRange>): string {
  return range.max === null ? `>=${range.min}` : `${range.min}..${range.max}`;
}

const allowedStarsRange = `a range of stars: "500..5000", ">=500", "..5000", [500, 5000] or { min: 500, max: 5000 }`;
const twoEnds = /^(\d{1,8}|\*)?\s*\.\.\s*(\d{1,8}|\*)?$/;
const oneEnd = /^(>=?|<=?)\s*(\d{1,8})$/;

type WrittenStarsRange =
  | string
  | readonly [number, number | null]
  | { min?: number | undefined; max?: number | null | undefined };

function readStarsRange(written: WrittenStarsRange): StarsRange | null {
  const range =
    typeof written === "string"
      ? readText(written.trim())
      : "min" in written || "max" in written
        ? { min: written.min ?? 0, max: written.max ?? null }
        : Array.isArray(written)
          ? { min: written[0], max: written[1] }
          : null;
  if (range === null) return null;
  if (range.min > mostStars || (range.max !== null && (range.max > mostStars || range.max < range.min)))
    return null;
  return range;
}

function readText(text: string): StarsRange | null {
  const between = twoEnds.exec(text);
  if (between !== null) {
    const [, from = "*", to = "*"] = between;
    if (from === "*" && to === "*") return null;
    return { min: from === "*" ? 0 : Number(from), max: to === "*" ? null : Number(to) };
  }
  const single = oneEnd.exec(text);
  if (single === null) return null;
  const end = Number(single[2]);
  switch (single[1]) {
    case ">=":
      return { min: end, max: null };
    case ">":
      return { min: end + 1, max: null };
    case "<=":
      return { min: 0, max: end };
    default:
      return end === 0 ? null : { min: 0, max: end - 1 };
  }
}
