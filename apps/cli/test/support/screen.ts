/** A terminal as it looks after what was written to it: enough of one for text that is redrawn in place. */
export interface Screen {
  write(text: string): void;
  /** What it shows, colours left out, lines without trailing blanks. */
  text(): string;
  /** Whether the cursor can be seen. */
  cursor(): boolean;
}

/** A screen without end below. @throws Error for a control sequence that it does not know. */
export function createScreen(): Screen {
  const lines: string[] = [""];
  let row = 0;
  let column = 0;
  let visible = true;

  function put(text: string): void {
    const line = (lines[row] ?? "").padEnd(column);
    lines[row] = line.slice(0, column) + text + line.slice(column + text.length);
    column += text.length;
  }

  function control(parameters: string, letter: string): void {
    const count = Number(parameters || "1");
    if (letter === "A") row = Math.max(0, row - count);
    else if (letter === "G") column = count - 1;
    else if (letter === "K" && parameters === "2") lines[row] = "";
    else if (letter === "h" && parameters === "?25") visible = true;
    else if (letter === "l" && parameters === "?25") visible = false;
    else if (letter !== "m") throw new Error(`The screen does not know ESC[${parameters}${letter}.`);
  }

  return {
    write(text) {
      for (const [part, parameters, letter] of text.matchAll(sequence)) {
        if (part === "\n") {
          row += 1;
          column = 0;
          lines[row] ??= "";
        } else if (letter === undefined) put(part);
        else control(parameters ?? "", letter);
      }
    },
    text: () =>
      lines
        .map((line) => line.trimEnd())
        .join("\n")
        .trimEnd(),
    cursor: () => visible,
  };
}

const controlStart = "\u001B";
const sequence = new RegExp(`${controlStart}\\[([\\d;?]*)([A-Za-z])|\\n|[^${controlStart}\\n]+`, "g");
