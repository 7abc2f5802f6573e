import type { Store } from "@cmo/engine";
import { textOf } from "@cmo/store-sql";
import type { Connection } from "./connection.ts";

/** The part of a store that keeps texts for all who use it. */
export type SharedTextPart = Pick<Store, "readShared" | "updateShared">;

/** A {@link SharedTextPart}. */
export function createSharedText(connection: Connection, now: () => number): SharedTextPart {
  function read(name: string): string | null {
    const row = connection.first("SELECT value FROM shared WHERE name = ?", [name]);
    return row === null ? null : textOf(row[0]);
  }

  return {
    readShared: (name) => connection.read(() => read(name)),
    updateShared(name, decide) {
      return connection.write(() => {
        const text = read(name);
        const next = decide(text, now());
        if (next === text) return next;
        if (next === null) connection.run("DELETE FROM shared WHERE name = ?", [name]);
        else connection.run("INSERT OR REPLACE INTO shared (name, value) VALUES (?, ?)", [name, next]);
        return next;
      });
    },
  };
}
