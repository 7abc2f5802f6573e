import { problemError } from "./graphql-problem.ts";

/** The arguments by which a connection is paged. */
export interface PageArguments {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

/** How many items there are and how one is made. */
export interface ConnectionSource<T> {
  /** Asked only when something needs the number. */
  total(): number;
  /** Null past the end. */
  at(position: number): T | null;
}

/** A Relay connection over a source; items are made when they are selected. */
export function createConnection<T>(source: ConnectionSource<T>, page: PageArguments, typename: string) {
  const window = () => {
    const after = page.after ? decodeCursor(page.after) + 1 : 0;
    const before = page.before ? decodeCursor(page.before) : null;
    if (typeof page.last === "number" && typeof page.first !== "number") {
      const end = Math.min(before ?? source.total(), source.total());
      return { start: Math.max(after, end - page.last), end };
    }
    const end = after + (page.first ?? 0);
    return { start: after, end: before === null ? end : Math.min(end, before) };
  };
  const items = () => {
    const { start, end } = window();
    const found: { position: number; item: T }[] = [];
    for (let position = start; position < end; position += 1) {
      const item = source.at(position);
      if (item === null) break;
      found.push({ position, item });
    }
    return found;
  };
  return {
    __typename: typename,
    totalCount: () => source.total(),
    nodes: () => items().map(({ item }) => item),
    edges: () => items().map(({ position, item }) => ({ cursor: encodeCursor(position), node: item })),
    pageInfo: () => {
      const { start } = window();
      const found = items();
      const last = found.at(-1);
      const next = last === undefined ? start : last.position + 1;
      return {
        startCursor: found[0] === undefined ? null : encodeCursor(found[0].position),
        endCursor: last === undefined ? null : encodeCursor(last.position),
        hasPreviousPage: start > 0,
        hasNextPage: source.at(next) !== null,
      };
    },
  };
}

/** A connection over a list. */
export function listConnection<T>(list: readonly T[], page: PageArguments, typename: string) {
  return createConnection(
    { total: () => list.length, at: (position) => list[position] ?? null },
    page,
    typename,
  );
}

/** Opaque to clients. */
export function encodeCursor(position: number): string {
  return Buffer.from(`cursor:v2:${position}`).toString("base64");
}

/** @throws an INVALID_CURSOR_ARGUMENTS error for what was never given out */
export function decodeCursor(cursor: string): number {
  const match = /^cursor:v2:(\d+)$/.exec(Buffer.from(cursor, "base64").toString("latin1"));
  if (match === null)
    throw problemError("INVALID_CURSOR_ARGUMENTS", `\`${cursor}\` does not appear to be a valid cursor.`);
  return Number(match[1]);
}
