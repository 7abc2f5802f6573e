import type { ComponentChildren, JSX } from "preact";

/** A column: its head, and whether it holds numbers. */
export interface DiffColumn {
  readonly head: string;
  readonly isNumber?: boolean;
}

/** A table of what differs: a head for each column, and its rows. */
export function DiffTable({
  columns,
  kind,
  children,
}: {
  readonly columns: readonly DiffColumn[];
  /** Values have columns of one width; people take what the numbers leave. */
  readonly kind: "values" | "people";
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <table class={`diff-table diff-${kind}`}>
      <thead>
        <tr>
          {columns.map(({ head, isNumber = false }) => (
            <th key={head} scope="col" class={isNumber ? "number" : ""}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
