import { cleanText, cutText } from "./clean-text.ts";
import { isPlaceholder } from "./stage-name.ts";

/** A current item fit to be shown, or null when it is no string or a placeholder. The cleaned form is a fixed point. */
export function cleanItem(item: unknown): string | null {
  if (typeof item !== "string") return null;
  const text = cutText(cleanText(item), MAX_ITEM_CODE_POINTS);
  // Looked at after the cut: a placeholder may have stood before a long run of spaces.
  return text.length <= LONGEST_PLACEHOLDER && isPlaceholder(text.toLowerCase()) ? null : text;
}

const MAX_ITEM_CODE_POINTS = 200;

const LONGEST_PLACEHOLDER = "undefined".length;
