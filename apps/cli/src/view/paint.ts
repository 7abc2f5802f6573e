/** Puts colours on text, or leaves it as it is. */
export interface Paint {
  bar(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  busy(text: string): string;
}

/** A {@link Paint} of the terminal's own palette. */
export function createPaint(colors: boolean): Paint {
  const paint = (open: number, close: number) => (text: string) =>
    colors && text !== "" ? `\u001B[${open}m${text}\u001B[${close}m` : text;
  return {
    bar: paint(36, 39),
    faint: paint(2, 22),
    good: paint(32, 39),
    bad: paint(31, 39),
    busy: paint(33, 39),
  };
}
