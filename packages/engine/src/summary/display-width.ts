/**
 * How many columns of a terminal a text takes: wide East Asian characters and emoji take two, marks that join the
 * character before them none. Close to Unicode's UAX 11 without its tables; for texts without control characters.
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** A text in at most so many columns; what was cut is shown by an ellipsis. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = "";
  let width = 1;
  for (const character of text) {
    width += columnsOf(character);
    if (width > columns) break;
    kept += character;
  }
  return `${kept}…`;
}

function columnsOf(character: string): number {
  if (character < "\u0300") return 1;
  if (joining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

const joining = /\p{M}|\u200b|\u200c|\u200d/u;
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
