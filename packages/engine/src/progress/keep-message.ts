import { cleanText, cutText } from "./clean-text.ts";
import { ownMessages, type ProgressDraft } from "./progress-draft.ts";

/** Keeps a warning or an error, cleaned, once, while there is room. Answers with the text when it is new, else null. */
export function keepMessage(
  draft: ProgressDraft,
  list: "warnings" | "errors",
  message: unknown,
): string | null {
  const kept = draft[list];
  // A full list takes nothing, and what a list holds is clean: neither case needs any cleaning.
  if (typeof message !== "string" || kept.length >= MAX_MESSAGES || kept.includes(message)) return null;
  const text = cutText(cleanText(message), MAX_MESSAGE_CODE_POINTS);
  if (text === "" || (text !== message && kept.includes(text))) return null;
  ownMessages(draft, list).push(text);
  draft.changed = true;
  return text;
}

/** How many warnings, and how many errors, are kept. */
const MAX_MESSAGES = 100;

const MAX_MESSAGE_CODE_POINTS = 500;
