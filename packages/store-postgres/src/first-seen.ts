import type { Job, Store } from "@cmo/engine";
import { nullable, numberOf, textOf } from "@cmo/store-sql";
import type { Database } from "./database.ts";
import type { Part } from "./part.ts";

/** The part of a store that keeps when people were first seen. */
export type FirstSeenPart = Pick<Store, "readFirstSeen" | "noteFirstSeen">;

/** A {@link FirstSeenPart}. */
export function createFirstSeen({ single }: Database): FirstSeenPart {
  return {
    async readFirstSeen(campaign, nodeIds) {
      if (nodeIds.length === 0) return new Map();
      const rows = await single.all(
        "SELECT node_id, at, exported_at FROM @.first_seen WHERE campaign = $1 AND node_id = ANY($2::text[])",
        [campaign, nodeIds],
      );
      return new Map(
        rows.map(([nodeId, at, exportedAt]) => [
          textOf(nodeId),
          { at: textOf(at), exportedAt: nullable(exportedAt, numberOf) },
        ]),
      );
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

/**
 * The node id of a row of `lead`, by its text: PostgreSQL reads no JSON in which any text has a zero character. Node ids
 * hold nothing that JSON escapes.
 */
const nodeIdSql = `substring(lead.lead FROM '"nodeId":"([^"\\\\]+)"')`;

/** A job that ends as a run of a campaign. */
export interface ExportingJob {
  readonly ordinal: number;
  /** As it stands at its end. */
  readonly job: Job;
  readonly campaign: string;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly now: number;
}

/**
 * Notes whom these jobs exported, as far as their leads were there before the statement. Of two that export somebody at
 * once the one that was begun earlier counts; who exported somebody first stays.
 */
export function exportedPart(rows: readonly ExportingJob[]): Part {
  return (value) => `INSERT INTO @.first_seen (campaign, node_id, at, keep_until, exported_at)
    SELECT given.campaign, ${nodeIdSql}, min(given.at), max(given.keep_until), min(given.exported_at)
    FROM unnest(${value(rows.map(({ ordinal }) => ordinal))}::bigint[],
      ${value(rows.map(({ campaign }) => campaign))}::text[],
      ${value(rows.map(({ job, now }) => new Date(job.startedAt ?? now).toISOString()))}::text[],
      ${value(rows.map(({ job }) => job.keepUntil))}::bigint[],
      ${value(rows.map(({ now }) => now))}::bigint[]) AS given (job, campaign, at, keep_until, exported_at)
    JOIN @.lead ON lead.job = given.job AND lead.contactable = 1
    WHERE ${nodeIdSql} IS NOT NULL
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (campaign, node_id) DO UPDATE SET
      at = CASE WHEN first_seen.exported_at IS NULL THEN excluded.at ELSE first_seen.at END,
      exported_at = coalesce(first_seen.exported_at, excluded.exported_at),
      keep_until = greatest(first_seen.keep_until, excluded.keep_until)`;
}

const insertSeen = `INSERT INTO @.first_seen (campaign, node_id, at, keep_until)
  SELECT $1, node_id, at, $2::bigint FROM unnest($3::text[], $4::text[]) AS given (node_id, at)
  ON CONFLICT (campaign, node_id) DO UPDATE SET keep_until = excluded.keep_until
  WHERE excluded.keep_until > first_seen.keep_until`;
