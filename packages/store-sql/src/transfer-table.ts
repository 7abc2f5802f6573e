import type { JobPart, StorePart } from "@cmo/engine";
import { isOfThisStore } from "./transfer-name.ts";

/** A column as a copy carries it. */
export interface TransferColumn {
  readonly name: string;
  readonly type: "text" | "bigint";
}

/** How the rows of a part are read in their order, and put in: the same in every database. */
export interface TransferTable {
  readonly table: string;
  /** In the order of a row. */
  readonly columns: readonly TransferColumn[];
  /** What the rows are ordered by; no two rows of a job, or of the store, have the same. */
  readonly key: readonly { readonly name: string; readonly type: "text" | "bigint" | "double precision" }[];
  readonly ofJob: boolean;
  /** A condition for the rows that move; null for all. */
  readonly where: string | null;
  /** How many rows are a page: a megabyte or two. */
  readonly pageSize: number;
  /** What becomes of a row whose key is there already, in the words of both databases. */
  readonly conflict: string;
}

const text = (name: string) => ({ name, type: "text" }) as const;
const bigint = (name: string) => ({ name, type: "bigint" }) as const;
const ofJob = { ofJob: true, where: null, conflict: "" } as const;
const ofStore = { ofJob: false, where: null } as const;

/** A time after all others, in SQL. */
const never = String(Number.MAX_SAFE_INTEGER);

/** Every part of a store. `lead` is put in by its JSON alone: what leads are ordered by follows from it. */
export const transferTables: Readonly<Record<JobPart | StorePart, TransferTable>> = {
  event: {
    ...ofJob,
    table: "event",
    columns: [bigint("seq"), bigint("at"), bigint("v"), text("type"), text("data"), text("link")],
    key: [bigint("seq")],
    pageSize: 4_000,
  },
  task_result: {
    ...ofJob,
    table: "task_result",
    columns: [
      text("kind"),
      text("item_id"),
      text("input_digest"),
      text("value"),
      text("cache_key"),
      bigint("fetched_at"),
    ],
    key: [text("kind"), text("item_id")],
    pageSize: 1_000,
  },
  lead: {
    ...ofJob,
    table: "lead",
    columns: [text("lead")],
    key: [{ name: "rank", type: "double precision" }, bigint("id")],
    pageSize: 400,
  },
  agent_record: {
    ...ofJob,
    table: "agent_record",
    columns: [text("collection"), text("key"), text("value")],
    key: [text("collection"), text("key")],
    pageSize: 4_000,
  },
  checkpoint: {
    ...ofJob,
    table: "checkpoint",
    columns: [text("state")],
    key: [bigint("job")],
    pageSize: 1,
  },
  suppressed: {
    ...ofStore,
    table: "suppressed",
    columns: [text("hash"), text("kind"), bigint("added_at")],
    key: [text("hash")],
    pageSize: 4_000,
    conflict: "ON CONFLICT (hash) DO NOTHING",
  },
  erasure: {
    ...ofStore,
    table: "erasure",
    columns: [text("scope"), bigint("at")],
    key: [bigint("id")],
    pageSize: 1_000,
    conflict: "",
  },
  first_seen: {
    ...ofStore,
    table: "first_seen",
    columns: [text("campaign"), text("node_id"), text("at"), bigint("keep_until"), bigint("exported_at")],
    key: [text("campaign"), text("node_id")],
    pageSize: 4_000,
    // The start of the run that exported them first, wherever that was; where none did, the first that met them.
    conflict: `ON CONFLICT (campaign, node_id) DO UPDATE SET
      at = CASE WHEN coalesce(excluded.exported_at, ${never}) < coalesce(first_seen.exported_at, ${never})
        OR (coalesce(excluded.exported_at, ${never}) = coalesce(first_seen.exported_at, ${never})
          AND excluded.at < first_seen.at) THEN excluded.at ELSE first_seen.at END,
      exported_at = CASE WHEN excluded.exported_at < first_seen.exported_at OR first_seen.exported_at IS NULL
        THEN excluded.exported_at ELSE first_seen.exported_at END,
      keep_until = CASE WHEN excluded.keep_until > first_seen.keep_until THEN excluded.keep_until
        ELSE first_seen.keep_until END`,
  },
  exported_file: {
    ...ofStore,
    table: "exported_file",
    columns: [text("path"), text("job_id"), text("format")],
    key: [text("path")],
    pageSize: 2_000,
    conflict: "ON CONFLICT (path) DO NOTHING",
  },
  source_note: {
    ...ofStore,
    table: "source_note",
    columns: [text("key"), bigint("at"), text("value")],
    key: [text("key")],
    pageSize: 1_000,
    conflict: `ON CONFLICT (key) DO UPDATE SET at = excluded.at, value = excluded.value
      WHERE excluded.at > source_note.at`,
  },
  shared: {
    ...ofStore,
    table: "shared",
    columns: [text("name"), text("value")],
    key: [text("name")],
    where: `value IS NOT NULL AND NOT (${isOfThisStore("name")})`,
    pageSize: 500,
    conflict: "ON CONFLICT (name) DO NOTHING",
  },
};
