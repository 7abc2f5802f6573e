import type { Store } from "@cmo/engine";
import { textOf } from "./column.ts";
import type { Connection } from "./connection.ts";

/** The part of a store that keeps whom to leave alone. */
export type SuppressionPart = Pick<
  Store,
  "suppressionKey" | "findSuppressed" | "addSuppressed" | "removeSuppressed"
>;

/** A {@link SuppressionPart}; `createKey` makes the key when the database has none yet. */
export function createSuppression(connection: Connection, createKey: () => string): SuppressionPart {
  let key: string | null = null;

  function readKey(): string | null {
    const row = connection.first("SELECT value FROM setting WHERE name = 'suppression_key'");
    return row === null ? null : textOf(row[0]);
  }

  return {
    async suppressionKey() {
      key ??= await connection.read(readKey);
      key ??= await connection.write(() => {
        // Of two processes that ask for the first time at once, one makes the key for both.
        const stored = readKey();
        if (stored !== null) return stored;
        const made = createKey();
        connection.run("INSERT INTO setting (name, value) VALUES ('suppression_key', ?)", [made]);
        return made;
      });
      return key;
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
    async addSuppressed(hashes) {
      await connection.write(() =>
        connection.insert(
          "INSERT INTO suppressed (hash)",
          hashes.map((hash) => [hash]),
          "ON CONFLICT DO NOTHING",
        ),
      );
    },
    async removeSuppressed(hashes) {
      await connection.write(() => {
        for (const hash of hashes) connection.run("DELETE FROM suppressed WHERE hash = ?", [hash]);
      });
    },
  };
}
