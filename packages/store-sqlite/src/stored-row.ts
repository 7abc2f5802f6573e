import type { StoredRow } from "@cmo/engine";
import {
  type ColumnValue,
  type FoundRow,
  leadKeyOf,
  nullable,
  numberOf,
  type Row,
  type RowWindow,
  textOf,
} from "@cmo/store-sql";
import type { Connection } from "./connection.ts";

/**
 * Looks through the next rows of a table for texts, as patterns of `LIKE`, for which ASCII letters in upper and lower
 * case are the same, and no others (https://sqlite.org/lang_expr.html#like): several times faster than lowering every
 * value. The window, not what is found in it, is of limited size, so that no read is long. `after` is where the last
 * window ended; null at the beginning. Inside a transaction of the caller.
 */
export function readWindow(
  connection: Connection,
  table: StoredRow["table"],
  texts: readonly string[],
  after: Row | null,
): RowWindow {
  const { from, key, columns, searched, size, read } = scans[table];
  const keys = key.join(", ");
  const marks = key.map(() => "?").join(", ");
  const start = after === null ? "" : `WHERE (${keys}) > (${marks})`;
  const startValues = after === null ? [] : after.map(keyValue);
  // The last key of the window: reading keys alone is cheap.
  const last = connection.first(
    `SELECT ${keys} FROM ${from} ${start} ORDER BY ${keys} LIMIT 1 OFFSET ${size - 1}`,
    startValues,
  );
  const end = last === null ? "" : `${start === "" ? "WHERE" : "AND"} (${keys}) <= (${marks})`;
  const lookups = searched.flatMap((column) => texts.map(() => `${column} LIKE ? ESCAPE '\\'`));
  const rows = connection.all(
    `SELECT ${[...key, ...columns].join(", ")} FROM ${from} ${start} ${end}
      ${start === "" && end === "" ? "WHERE" : "AND"} (${lookups.join(" OR ")}) ORDER BY ${keys}`,
    [...startValues, ...(last ?? []).map(keyValue), ...searched.flatMap(() => texts)],
  );
  return {
    found: rows.map((row) => read(row, row.slice(0, key.length), jobIn(connection))),
    next: last,
  };
}

interface TableScan {
  readonly from: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
  /** Where the texts may stand. */
  readonly searched: readonly string[];
  /** How many rows a window has: about as many bytes for each table. */
  readonly size: number;
  read(row: Row, place: Row, ofJob: (ordinal: unknown) => Pick<StoredRow, "jobId" | "tenant">): FoundRow;
}

const scans: Readonly<Record<StoredRow["table"], TableScan>> = {
  task_result: {
    from: "task_result",
    key: ["id"],
    columns: ["job", "kind", "item_id", "value", "fetched_at"],
    searched: ["value", "item_id"],
    size: 1_000,
    read: ([, job, kind, itemId, value, fetchedAt], place, ofJob) => ({
      place,
      ordinal: numberOf(job),
      row: {
        table: "task_result",
        ...ofJob(job),
        kind: textOf(kind),
        key: textOf(itemId),
        value: textOf(value),
        fetchedAt: nullable(fetchedAt, numberOf),
      },
    }),
  },
  lead: {
    from: "lead",
    key: ["id"],
    columns: ["job", "lead"],
    searched: ["lead"],
    size: 1_000,
    read: ([, job, lead], place, ofJob) => {
      const value = textOf(lead);
      return {
        place,
        ordinal: numberOf(job),
        row: { ...plain, table: "lead", ...ofJob(job), key: leadKeyOf(value), value },
      };
    },
  },
  event: {
    from: "event",
    key: ["job", "seq"],
    columns: ["type", "data"],
    searched: ["data", "seq"],
    size: 5_000,
    read: ([job, seq, type, data], place, ofJob) => ({
      place,
      ordinal: numberOf(job),
      row: {
        ...plain,
        table: "event",
        ...ofJob(job),
        kind: textOf(type),
        key: `${numberOf(seq)}`,
        value: textOf(data),
      },
    }),
  },
  snapshot: {
    from: "job_snapshot",
    key: ["job"],
    columns: ["snapshot"],
    searched: ["snapshot"],
    size: 200,
    read: ([job, snapshot], place, ofJob) => ({
      place,
      ordinal: numberOf(job),
      row: { ...plain, table: "snapshot", ...ofJob(job), value: textOf(snapshot) },
    }),
  },
  note: {
    from: "source_note",
    key: ["key"],
    columns: ["value"],
    searched: ["value", "key"],
    size: 5_000,
    read: ([key, value], place) => ({
      place,
      ordinal: null,
      row: { ...plain, table: "note", key: textOf(key), value: textOf(value) },
    }),
  },
  first_seen: {
    from: "first_seen",
    key: ["campaign", "node_id"],
    columns: ["at"],
    searched: ["node_id", "at"],
    size: 5_000,
    read: ([campaign, nodeId, at], place) => ({
      place,
      ordinal: null,
      row: { ...plain, table: "first_seen", kind: textOf(campaign), key: textOf(nodeId), value: textOf(at) },
    }),
  },
};

const plain = { jobId: null, tenant: null, kind: "", key: "", fetchedAt: null } as const;

function jobIn(connection: Connection): (ordinal: unknown) => Pick<StoredRow, "jobId" | "tenant"> {
  return (ordinal) => {
    const [id, tenant] =
      connection.first("SELECT id, tenant FROM job WHERE ordinal = ?", [numberOf(ordinal)]) ?? [];
    return { jobId: textOf(id), tenant: textOf(tenant) };
  };
}

function keyValue(value: unknown): ColumnValue {
  return typeof value === "number" ? value : textOf(value);
}
