import type { Store } from "@cmo/engine";
import { textOf } from "@cmo/store-sql";
import type { Database } from "./database.ts";

/** The part of a store that keeps when people were first seen. */
export type FirstSeenPart = Pick<Store, "readFirstSeen" | "noteFirstSeen">;

/** A {@link FirstSeenPart}. */
export function createFirstSeen({ single }: Database): FirstSeenPart {
  return {
    async readFirstSeen(campaign, nodeIds) {
      if (nodeIds.length === 0) return new Map();
      const rows = await single.all(
        "SELECT node_id, at FROM @.first_seen WHERE campaign = $1 AND node_id = ANY($2::text[])",
        [campaign, nodeIds],
      );
      return new Map(rows.map(([nodeId, at]) => [textOf(nodeId), textOf(at)]));
    },
    async noteFirstSeen(campaign, seen, keepUntil) {
      if (seen.size === 0) return;
      // In one order for all who note the same people at once.
      const nodeIds = [...seen.keys()].sort();
      await single.run(insertSeen, [
        campaign,
        keepUntil,
        nodeIds,
        nodeIds.map((nodeId) => seen.get(nodeId) ?? ""),
      ]);
    },
  };
}

const insertSeen = `INSERT INTO @.first_seen (campaign, node_id, at, keep_until)
  SELECT $1, node_id, at, $2::bigint FROM unnest($3::text[], $4::text[]) AS given (node_id, at)
  ON CONFLICT (campaign, node_id) DO UPDATE SET keep_until = excluded.keep_until
  WHERE excluded.keep_until > first_seen.keep_until`;
