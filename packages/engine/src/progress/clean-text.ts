/**
 * Makes foreign text safe to show and to store: control characters, bidirectional controls and outer white space go,
 * and half a surrogate pair becomes U+FFFD, because no UTF-8 store could give it back. Cleaning twice changes nothing.
 */
export function cleanText(text: string): string {
  if (isPlain(text)) return text;
  let cleaned = text;
  if (FORBIDDEN.test(cleaned)) {
    // In this order: what stood between two halves of a pair may be what is removed.
    cleaned = cleaned.replace(INVISIBLE, "").replace(LONE_SURROGATE, "\uFFFD");
  }
  return cleaned.trim();
}

/** The first `limit` code points of a text, trimmed again. No surrogate pair is split. */
export function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : firstCodePoints(text, limit).trim();
}

/** The first `limit` code points of a text as they stand. */
export function firstCodePoints(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let end = 0;
  for (let taken = 0; taken < limit && end < text.length; taken += 1) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}

// Bidi_Control is the overrides with the embeddings, isolates and marks that do the same to a line.
const FORBIDDEN = /[\p{Cc}\p{Bidi_Control}\p{Cs}]/u;
const INVISIBLE = /[\p{Cc}\p{Bidi_Control}]+/gu;
const LONE_SURROGATE = /\p{Cs}/gu;

const SPACE = 0x20;
const LAST_PRINTABLE_ASCII = 0x7e;

/** Printable ASCII without outer spaces: nearly every text there is, told without a regular expression. */
function isPlain(text: string): boolean {
  const last = text.length - 1;
  if (last < 0) return true;
  if (text.charCodeAt(0) === SPACE || text.charCodeAt(last) === SPACE) return false;
  for (let index = 0; index <= last; index += 1) {
    const code = text.charCodeAt(index);
    if (code < SPACE || code > LAST_PRINTABLE_ASCII) return false;
  }
  return true;
}
