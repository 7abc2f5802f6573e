import type { FirstSeen, Job, Store } from "@cmo/engine";
import { nullable, numberOf, textOf } from "@cmo/store-sql";
import type { Connection } from "./connection.ts";

/** The part of a store that keeps when people were first seen. */
export type FirstSeenPart = Pick<Store, "readFirstSeen" | "noteFirstSeen">;

/** A {@link FirstSeenPart}. */
export function createFirstSeen(connection: Connection): FirstSeenPart {
  return {
    readFirstSeen(campaign, nodeIds) {
      return connection.read(() => {
        const found = new Map<string, FirstSeen>();
        for (const nodeId of nodeIds) {
          const row = connection.first(selectOne, [campaign, nodeId]);
          if (row !== null) found.set(nodeId, { at: textOf(row[0]), exportedAt: nullable(row[1], numberOf) });
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

/** Notes whom a job exported that ends as a run of the campaign. Inside a transaction of the caller. */
export function noteExported(
  connection: Connection,
  { ordinal, job }: { readonly ordinal: number; readonly job: Job },
  { campaign, now }: { readonly campaign: string; readonly now: number },
): void {
  const startedAt = new Date(job.startedAt ?? now).toISOString();
  connection.run("UPDATE job SET exported_as = ? WHERE ordinal = ?", [campaign, ordinal]);
  connection.run(insertExported, [campaign, startedAt, job.keepUntil, now, ordinal]);
}

const selectOne = "SELECT at, exported_at FROM first_seen WHERE campaign = ? AND node_id = ?";
const keepLonger = `ON CONFLICT DO UPDATE SET keep_until = excluded.keep_until
  WHERE excluded.keep_until > first_seen.keep_until`;
/** Along the index `lead_by_contactable`. Who exported somebody first stays. */
const insertExported = `INSERT INTO first_seen (campaign, node_id, at, keep_until, exported_at)
  SELECT ?, json_extract(lead, '$.nodeId'), ?, ?, ? FROM lead WHERE job = ? AND contactable = 1
  ON CONFLICT DO UPDATE SET
    at = CASE WHEN first_seen.exported_at IS NULL THEN excluded.at ELSE first_seen.at END,
    exported_at = coalesce(first_seen.exported_at, excluded.exported_at),
    keep_until = max(first_seen.keep_until, excluded.keep_until)`;
