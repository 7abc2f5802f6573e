import type { SourceNote } from "@cmo/engine";
import { textOf } from "@cmo/store-sql";
import type { Session } from "./database.ts";
import type { Part } from "./part.ts";

/** Puts notes in the place of those with the same key; `at` is when, in milliseconds since the epoch. */
export function notePart(notes: readonly (SourceNote & { readonly at: number })[]): Part {
  // A statement writes a row once; in one order for all who write the same notes at once.
  const last = [...new Map(notes.map((note) => [note.key, note])).values()].sort((one, other) =>
    one.key < other.key ? -1 : 1,
  );
  return (value) => `INSERT INTO @.source_note (key, at, value)
    SELECT * FROM unnest(${value(last.map(({ key }) => key))}::text[], ${value(last.map(({ at }) => at))}::bigint[],
      ${value(last.map((note) => note.value))}::text[])
    ON CONFLICT (key) DO UPDATE SET at = excluded.at, value = excluded.value`;
}

/** The notes under these keys. */
export async function selectNotes(
  session: Session,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await session.all("SELECT key, value FROM @.source_note WHERE key = ANY($1::text[])", [keys]);
  return new Map(rows.map(([key, value]) => [textOf(key), textOf(value)]));
}
