/** A column of a {@link table}. */
export interface Column {
  title: string;
  /** Numbers are read by their ends. Default `left`. */
  align?: "left" | "right";
  /** Longer cells are cut with an ellipsis. Default: none is. */
  most?: number;
}

/** Rows as lines of text under a line of titles, two spaces between columns, nothing behind the last. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => columns.map(({ most }, index) => cut(row[index] ?? "", most)));
  const widths = columns.map(({ title }, index) =>
    Math.max(lengthOf(title), ...cells.map((row) => lengthOf(row[index] ?? ""))),
  );
  const line = (row: readonly string[]) =>
    columns
      .map(({ align }, index) => {
        const text = row[index] ?? "";
        const room = " ".repeat((widths[index] ?? 0) - lengthOf(text));
        return align === "right" ? `${room}${text}` : `${text}${room}`;
      })
      .join("  ")
      .trimEnd();
  return [columns.map(({ title }) => title), ...cells].map((row) => `${line(row)}\n`).join("");
}

function cut(text: string, most = Number.POSITIVE_INFINITY): string {
  return lengthOf(text) <= most ? text : `${[...text].slice(0, most - 1).join("")}…`;
}

/** Code points: what is wider than one column stands out, and breaks nothing. */
function lengthOf(text: string): number {
  return [...text].length;
}
