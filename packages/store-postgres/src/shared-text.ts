import type { Store } from "@cmo/engine";
import { nullable, numberOf, textOf } from "@cmo/store-sql";
import type { Database } from "./database.ts";
import { nowSql, type StoreClock } from "./store-clock.ts";

/** The part of a store that keeps texts for all who use it. */
export type SharedTextPart = Pick<Store, "readShared" | "updateShared">;

/** A {@link SharedTextPart}. */
export function createSharedText(database: Database, clock: StoreClock): SharedTextPart {
  return {
    async readShared(name) {
      const row = await database.single.first("SELECT value FROM @.shared WHERE name = $1", [name]);
      return row === null ? null : nullable(row[0], textOf);
    },
    updateShared(name, decide) {
      return database.write(
        async (session, [row]) => {
          const text = nullable(row?.[0] ?? null, textOf);
          const next = decide(text, numberOf(row?.[1]));
          if (next !== text)
            await session.run("UPDATE @.shared SET value = $2 WHERE name = $1", [name, next]);
          return next;
        },
        { sql: holdShared, values: [name, clock.value()] },
      );
    },
  };
}

/** A row that is there can be held; whoever comes second waits for the first, also where there was none. */
const holdShared = `INSERT INTO @.shared (name, value) VALUES ($1, NULL) ON CONFLICT (name) DO NOTHING;
  SELECT held.value, ${nowSql(2)} FROM (SELECT value FROM @.shared WHERE name = $1 FOR UPDATE OF shared) AS held`;
