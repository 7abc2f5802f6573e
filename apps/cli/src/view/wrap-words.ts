/** Text in lines of at most `width` characters, broken between words; lines after the first are indented. */
export function wrapWords(text: string, { width, indent }: { width: number; indent: string }): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > width && line.trim() !== "") {
      lines.push(line);
      line = `${indent}${word}`;
    } else {
      line = longer;
    }
  }
  return [...lines, line].join("\n");
}
