import { type Store, suppressionKinds } from "@cmo/engine";
import { numberOf, oneOf, textOf } from "@cmo/store-sql";
import type { Connection } from "./connection.ts";

/** The part of a store that keeps whom to leave alone. */
export type SuppressionPart = Pick<
  Store,
  "suppressionKey" | "findSuppressed" | "addSuppressed" | "removeSuppressed" | "listSuppressed"
>;

/** What {@link createSuppression} needs beside the connection. */
export interface SuppressionOptions {
  now(): number;
  /** Makes the key when the database has none yet. */
  createKey(): string;
}

/** A {@link SuppressionPart}. */
export function createSuppression(
  connection: Connection,
  { now, createKey }: SuppressionOptions,
): SuppressionPart {
  function readKey(): string | null {
    const row = connection.first("SELECT value FROM setting WHERE name = 'suppression_key'");
    return row === null ? null : textOf(row[0]);
  }

  return {
    async suppressionKey() {
      // Read each time, which is a look at one row: a copy into a store that is empty but for its key replaces it.
      const known = await connection.read(readKey);
      if (known !== null) return known;
      return connection.write(() => {
        // Of two processes that ask for the first time at once, one makes the key for both.
        const stored = readKey();
        if (stored !== null) return stored;
        const made = createKey();
        connection.run("INSERT INTO setting (name, value) VALUES ('suppression_key', ?)", [made]);
        return made;
      });
    },
    findSuppressed(hashes) {
      return connection.read(
        () =>
          new Set(
            hashes.filter(
              (hash) => connection.first("SELECT 1 FROM suppressed WHERE hash = ?", [hash]) !== null,
            ),
          ),
      );
    },
    async addSuppressed(entries) {
      await connection.write(() => {
        const addedAt = now();
        connection.insert(
          "INSERT INTO suppressed (hash, kind, added_at)",
          entries.map(({ hash, kind }) => [hash, kind, addedAt]),
          "ON CONFLICT DO NOTHING",
        );
      });
    },
    async removeSuppressed(hashes) {
      await connection.write(() => {
        for (const hash of hashes) connection.run("DELETE FROM suppressed WHERE hash = ?", [hash]);
      });
    },
    listSuppressed({ after = "", limit }) {
      // No hash is empty, so all of them come after the empty text.
      return connection.read(() =>
        connection.all(selectPage, [after, limit]).map(([hash, kind, addedAt]) => ({
          hash: textOf(hash),
          kind: oneOf(kind, suppressionKinds),
          addedAt: numberOf(addedAt),
        })),
      );
    },
  };
}

const selectPage = "SELECT hash, kind, added_at FROM suppressed WHERE hash > ? ORDER BY hash LIMIT ?";
