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
import type { Session, Value } from "./database.ts";

/** Whose rows are looked through: those of jobs that had ended at some moment, or all others. */
export interface ScanScope {
  readonly part: "ended" | "others";
  /** The jobs that had not ended then. */
  readonly open: readonly number[];
  /** The newest job of then. */
  readonly newest: number;
}

/**
 * Looks through the next rows of a table for texts, as patterns of `LIKE`. The window, not what is found in it, is of
 * limited size, so that no read is long. `after` is where the last window ended; null at the beginning. `scope`: null for
 * all rows.
 */
export async function readWindow(
  session: Session,
  table: StoredRow["table"],
  patterns: readonly string[],
  after: Row | null,
  scope: ScanScope | null,
): Promise<RowWindow> {
  const { from, key, columns, searched, size, read } = scans[table];
  const keys = key.map(({ name }) => name).join(", ");
  const values: Value[] = [];
  const marks = (row: Row) =>
    key.map(({ type }, index) => `$${values.push(row[index] as ColumnValue)}::${type}`).join(", ");
  const isOfJobs = key[0]?.name === "job" || columns.includes("job");
  if (!isOfJobs && scope?.part === "ended") return { found: [], next: null };
  const start = after === null ? [] : [`(${keys}) > (${marks(after)})`];
  if (isOfJobs && scope !== null) {
    const isOpen = `job = ANY($${values.push([...scope.open])}::bigint[])`;
    const isNewer = `job > $${values.push(scope.newest)}::bigint`;
    start.push(scope.part === "ended" ? `NOT (${isOpen} OR ${isNewer})` : `(${isOpen} OR ${isNewer})`);
  }
  // The last key of the window: reading keys alone is cheap.
  const last = await session.first(
    `SELECT ${keys} FROM ${from} ${where(start)} ORDER BY ${keys} LIMIT 1 OFFSET ${size - 1}`,
    values,
  );
  const end = last === null ? [] : [`(${keys}) <= (${marks(last)})`];
  // Said again of the first column alone: of rows the planner does not see that the two are a range, takes the window for
  // a good part of the table, and reads all of a large one for each window.
  const [first] = key;
  const bounds = [">=", "<="].flatMap((sign, side) => {
    const row = side === 0 ? after : last;
    if (row === null || first === undefined || key.length === 1) return [];
    return [`${first.name} ${sign} $${values.push(row[0] as ColumnValue)}::${first.type}`];
  });
  const wanted = values.push([...patterns]);
  // In the collation "C" ASCII letters in upper and lower case are the same to ILIKE, and no others.
  const lookups = searched.map((column) => `(${column}) COLLATE "C" ILIKE ANY ($${wanted}::text[])`);
  const jobFacts = isOfJobs
    ? `LEFT JOIN @.job ON job.ordinal = part.job`
    : "LEFT JOIN (SELECT NULL::text AS id, NULL::text AS tenant) AS job ON false";
  const rows = await session.all(
    `SELECT ${[...key.map(({ name }) => name), ...columns].map((name) => `part.${name}`).join(", ")}, job.id, job.tenant
      FROM (SELECT * FROM ${from} ${where([...start, ...end, ...bounds, `(${lookups.join(" OR ")})`])}) AS part
      ${jobFacts} ORDER BY ${key.map(({ name }) => `part.${name}`).join(", ")}`,
    values,
  );
  return {
    found: rows.map((row) => {
      const [jobId, tenant] = row.slice(-2);
      const ofJob = { jobId: nullable(jobId ?? null, textOf), tenant: nullable(tenant ?? null, textOf) };
      return read(row, row.slice(0, key.length), ofJob);
    }),
    next: last,
  };
}

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
}

interface TableScan {
  readonly from: string;
  readonly key: readonly { readonly name: string; readonly type: string }[];
  readonly columns: readonly string[];
  /** Where the texts may stand. */
  readonly searched: readonly string[];
  /** How many rows a window has: about as many bytes for each table. */
  readonly size: number;
  read(row: Row, place: Row, ofJob: Pick<StoredRow, "jobId" | "tenant">): FoundRow;
}

const id = { name: "id", type: "bigint" } as const;
const job = { name: "job", type: "bigint" } as const;
const text = (name: string) => ({ name, type: "text" }) as const;
const plain = { jobId: null, tenant: null, kind: "", key: "", fetchedAt: null } as const;

const scans: Readonly<Record<StoredRow["table"], TableScan>> = {
  task_result: {
    from: "@.task_result",
    key: [id],
    columns: ["job", "kind", "item_id", "value", "fetched_at"],
    searched: ["value", "item_id"],
    size: 1_000,
    read: ([, ordinal, kind, itemId, value, fetchedAt], place, ofJob) => ({
      place,
      ordinal: numberOf(ordinal),
      row: {
        table: "task_result",
        ...ofJob,
        kind: textOf(kind),
        key: textOf(itemId),
        value: textOf(value),
        fetchedAt: nullable(fetchedAt, numberOf),
      },
    }),
  },
  lead: {
    from: "@.lead",
    key: [id],
    columns: ["job", "lead"],
    searched: ["lead"],
    size: 1_000,
    read: ([, ordinal, lead], place, ofJob) => {
      const value = textOf(lead);
      return {
        place,
        ordinal: numberOf(ordinal),
        row: { ...plain, table: "lead", ...ofJob, key: leadKeyOf(value), value },
      };
    },
  },
  event: {
    from: "@.event",
    key: [job, { name: "seq", type: "bigint" }],
    columns: ["type", "data"],
    searched: ["data", "seq::text"],
    size: 5_000,
    read: ([ordinal, seq, type, data], place, ofJob) => ({
      place,
      ordinal: numberOf(ordinal),
      row: {
        ...plain,
        table: "event",
        ...ofJob,
        kind: textOf(type),
        key: `${numberOf(seq)}`,
        value: textOf(data),
      },
    }),
  },
  snapshot: {
    from: "@.job_snapshot",
    key: [job],
    columns: ["snapshot"],
    searched: ["snapshot"],
    size: 200,
    read: ([ordinal, snapshot], place, ofJob) => ({
      place,
      ordinal: numberOf(ordinal),
      row: { ...plain, table: "snapshot", ...ofJob, value: textOf(snapshot) },
    }),
  },
  note: {
    from: "@.source_note",
    key: [text("key")],
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
    from: "@.first_seen",
    key: [text("campaign"), text("node_id")],
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
