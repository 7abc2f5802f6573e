import type { Store } from "@cmo/engine";
import { textOf } from "@cmo/store-sql";
import type { Connection } from "./connection.ts";

/** The part of a store that keeps when people were first seen. */
export type FirstSeenPart = Pick<Store, "readFirstSeen" | "noteFirstSeen">;

/** A {@link FirstSeenPart}. */
export function createFirstSeen(connection: Connection): FirstSeenPart {
  return {
    readFirstSeen(campaign, nodeIds) {
      return connection.read(() => {
        const found = new Map<string, string>();
        for (const nodeId of nodeIds) {
          const row = connection.first(selectOne, [campaign, nodeId]);
          if (row !== null) found.set(nodeId, textOf(row[0]));
        }
        return found;
      });
    },
    async noteFirstSeen(campaign, seen, keepUntil) {
      await connection.write(() =>
        connection.insert(
          "INSERT INTO first_seen (campaign, node_id, at, keep_until)",
          [...seen].map(([nodeId, at]) => [campaign, nodeId, at, keepUntil]),
          keepLonger,
        ),
      );
    },
  };
}

const selectOne = "SELECT at FROM first_seen WHERE campaign = ? AND node_id = ?";
const keepLonger = `ON CONFLICT DO UPDATE SET keep_until = excluded.keep_until
  WHERE excluded.keep_until > first_seen.keep_until`;
