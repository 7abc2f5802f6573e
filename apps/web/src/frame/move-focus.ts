/** Lets arrow keys, Home and End go from one to the next of the elements that a selector finds in a list. */
export function moveFocus(event: KeyboardEvent, list: HTMLElement | null, selector: string): void {
  const places = [...(list?.querySelectorAll<HTMLElement>(selector) ?? [])];
  const at = places.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: places.length - 1 }[event.key];
  if (next === undefined || at === -1) return;
  places[Math.max(0, Math.min(next, places.length - 1))]?.focus();
  event.preventDefault();
}
