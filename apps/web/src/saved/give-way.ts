/** A page that works for longer than on this many lines at once stands still. */
const linesAtOnce = 5_000;

/** Lets the page do something else after every so many lines. */
export async function giveWay(line: number): Promise<void> {
  if (line % linesAtOnce === 0) await new Promise((resolve) => setTimeout(resolve));
}
