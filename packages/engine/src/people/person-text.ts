import type { PersonIdentity } from "../port/agent.ts";
import { cleanText, cutText } from "../progress/clean-text.ts";

/** What stands in the place of a text that named somebody. */
export const erasedText = "[erased]";

/** Finds and erases what names a person in free text. */
export interface PersonText {
  /** Whether the text names them, by a whole word. */
  names(text: string): boolean;
  /** The text with {@link erasedText} for each word that names them; a text that does not is given back as it is. */
  without(text: string): string;
  /** The text with another name for each repository under a login of theirs (`owner/name`, whole). */
  withoutRepositories(text: string): string;
  /** Whether something in work is called as one of their belongings is. */
  isShownName(text: string): boolean;
}

/** The {@link PersonText} of a person. Logins are words: `go` is not in `going`, nor `ada` in `ada-l`. */
export function createPersonText({ ids, logins, emails, belongings }: PersonIdentity): PersonText {
  const repository =
    logins.length === 0 ? null : pattern(logins.map((login) => `${escaped(login)}/[\\w.-]+`));
  const words = [...emails, ...ids, ...belongings.map(({ id }) => id), ...logins];
  const word = words.length === 0 ? null : pattern(words.map(escaped));
  const shownNames = new Set(belongings.flatMap(({ shownName }) => shownName ?? []));

  const names = (text: string) => test(word, text) || test(repository, text);
  return {
    names,
    without(text) {
      if (!names(text)) return text;
      // As long as a reader of the log keeps it: so the fold of what is left is what is left of the fold.
      const kept = cutText(cleanText(text), mostCodePoints);
      return replaced(word, replaced(repository, kept, erasedText), erasedText);
    },
    withoutRepositories: (text) => replaced(repository, text, erasedRepository),
    isShownName: (text) => shownNames.has(text),
  };
}

/** As `erasedRepositoryName` of agents has it. */
const erasedRepository = "erased/erased";

/** The bound of messages in progress. */
const mostCodePoints = 500;

function pattern(alternatives: readonly string[]): RegExp {
  // The longest first: what begins alike must not end early.
  const sorted = [...new Set(alternatives)].sort((a, b) => b.length - a.length);
  return new RegExp(`(?<![\\w-])(?:${sorted.join("|")})(?![\\w-])`, "gi");
}

function test(expression: RegExp | null, text: string): boolean {
  if (expression === null) return false;
  expression.lastIndex = 0;
  return expression.test(text);
}

function replaced(expression: RegExp | null, text: string, by: string): string {
  return expression === null ? text : text.replace(expression, () => by);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
