import { type Store, suppressionKinds } from "@cmo/engine";
import { numberOf, oneOf, textOf } from "@cmo/store-sql";
import type { Database } from "./database.ts";
import { nowSql, type StoreClock } from "./store-clock.ts";

/** The part of a store that keeps whom to leave alone. */
export type SuppressionPart = Pick<
  Store,
  "suppressionKey" | "findSuppressed" | "addSuppressed" | "removeSuppressed" | "listSuppressed"
>;

/** What {@link createSuppression} needs beside the database. */
export interface SuppressionOptions {
  readonly clock: StoreClock;
  /** Makes the key when the database has none yet. */
  createKey(): string;
}

/** A {@link SuppressionPart}. */
export function createSuppression(
  { single }: Database,
  { clock, createKey }: SuppressionOptions,
): SuppressionPart {
  const readKey = () => single.first("SELECT value FROM @.setting WHERE name = 'suppression_key'");
  return {
    async suppressionKey() {
      // Read each time, which is a look at one row: a copy into a store that is empty but for its key replaces it.
      const known = await readKey();
      if (known !== null) return textOf(known[0]);
      // Of several processes that ask for the first time at once, one makes the key for all.
      await single.run(
        "INSERT INTO @.setting (name, value) VALUES ('suppression_key', $1) ON CONFLICT (name) DO NOTHING",
        [createKey()],
      );
      return textOf((await readKey())?.[0]);
    },
    async findSuppressed(hashes) {
      if (hashes.length === 0) return new Set();
      const rows = await single.all("SELECT hash FROM @.suppressed WHERE hash = ANY($1::text[])", [hashes]);
      return new Set(rows.map(([hash]) => textOf(hash)));
    },
    async addSuppressed(entries) {
      if (entries.length === 0) return;
      await single.run(
        `INSERT INTO @.suppressed (hash, kind, added_at)
          SELECT hash, kind, ${nowSql(3)} FROM unnest($1::text[], $2::text[]) AS given (hash, kind)
          ON CONFLICT (hash) DO NOTHING`,
        [entries.map(({ hash }) => hash), entries.map(({ kind }) => kind), clock.value()],
      );
    },
    async removeSuppressed(hashes) {
      await single.run("DELETE FROM @.suppressed WHERE hash = ANY($1::text[])", [hashes]);
    },
    async listSuppressed({ after = "", limit }) {
      // No hash is empty, so all of them come after the empty text.
      const rows = await single.all(
        "SELECT hash, kind, added_at FROM @.suppressed WHERE hash > $1 ORDER BY hash LIMIT $2",
        [after, limit],
      );
      return rows.map(([hash, kind, addedAt]) => ({
        hash: textOf(hash),
        kind: oneOf(kind, suppressionKinds),
        addedAt: numberOf(addedAt),
      }));
    },
  };
}
