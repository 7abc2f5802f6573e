/** A column of a {@link table}. */
export interface Column {
  title: string;
  /** Numbers are read by their ends. Default `left`. */
  align?: "left" | "right";
  /** Longer cells are cut with an ellipsis. Default: none is. */
  most?: number;
}

/**
 * Rows as lines of text under a line of titles, two spaces between columns, nothing behind the last. Columns that would
 * reach over `width` are left out, from the last on, but never the first; 0 is a width without end.
 */
export function table(
  wanted: readonly Column[],
  wantedRows: readonly (readonly string[])[],
  width = 0,
): string {
  const columns = wanted.slice(0, fitting(wanted, wantedRows, width));
  const rows = wantedRows.map((row) => row.slice(0, columns.length));
  const cells = rows.map((row) => columns.map(({ most }, index) => cut(row[index] ?? "", most)));
  const widths = columns.map((column, index) => widthOf(column, rows, index));
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

function fitting(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): number {
  if (width <= 0) return columns.length;
  let taken = -2;
  const first = columns.findIndex((column, index) => {
    taken += 2 + widthOf(column, rows, index);
    return taken > width;
  });
  return first === -1 ? columns.length : Math.max(1, first);
}

function widthOf({ title, most }: Column, rows: readonly (readonly string[])[], index: number): number {
  // No spread: there may be more rows than a call takes arguments.
  return rows.reduce((width, row) => Math.max(width, lengthOf(cut(row[index] ?? "", most))), lengthOf(title));
}

function cut(text: string, most = Number.POSITIVE_INFINITY): string {
  return lengthOf(text) <= most ? text : `${[...text].slice(0, most - 1).join("")}…`;
}

/** Code points: what is wider than one column stands out, and breaks nothing. */
function lengthOf(text: string): number {
  return [...text].length;
}
