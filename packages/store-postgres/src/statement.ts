import { CmoError } from "@cmo/engine";
import pg from "pg";
import type { OpeningValue, Session, Value } from "./database.ts";

/** How long it may take what goes through whole tables, or changes them, in milliseconds. */
export const longAnswerMs = 3_600_000;
/** Statements that each connection has prepared. */
const mostPrepared = 200;

/** A statement with its values in its text. */
export function withValues(sql: string, values: readonly OpeningValue[]): string {
  return sql.replaceAll(/\$(\d+)/g, (_whole, place: string) => literal(values[Number(place) - 1] ?? null));
}

function literal(value: OpeningValue): string {
  if (value === null) return "NULL";
  if (typeof value === "number") return Number.isFinite(value) ? `${value}` : "NULL";
  // A text with a zero character is in no row, and would end the message.
  if (typeof value === "string") return pg.escapeLiteral(value.replaceAll("\0", "\uFFFD"));
  return `ARRAY[${value.map(literal).join(", ")}]::text[]`;
}

/** How statements are sent. */
interface SessionOptions {
  qualified(sql: string): string;
  nameOf(text: string): string | undefined;
  /** How long an answer may take. */
  readonly timeoutMs: number;
}

export function createSession(
  client: pg.Pool | pg.PoolClient,
  { qualified, nameOf, timeoutMs }: SessionOptions,
): Session {
  const query = (sql: string, values: readonly Value[]) => {
    const text = qualified(sql);
    const asked = {
      name: nameOf(text),
      text,
      values: [...values],
      rowMode: "array" as const,
      query_timeout: timeoutMs,
    };
    return client.query<unknown[]>(asked);
  };
  return {
    all: async (sql, values = []) => (await query(sql, values)).rows,
    first: async (sql, values = []) => (await query(sql, values)).rows[0] ?? null,
    run: async (sql, values = []) => (await query(sql, values)).rowCount ?? 0,
    script: async (sql) => {
      const asked = { text: qualified(sql), query_timeout: longAnswerMs };
      await client.query(asked);
    },
  };
}

/** Names under which statements are prepared. Those of rare forms have none: each connection keeps what has one. */
export function createNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    const name = names.get(text) ?? (names.size < mostPrepared ? `cmo ${names.size}` : undefined);
    if (name !== undefined) names.set(text, name);
    return name;
  };
}

/** Statements are few and come again. */
export function createQualifier(schema: string): (sql: string) => string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new CmoError("usage", `The schema ${schema} has no right name.`, {
      hint: "Lower-case letters, digits and _.",
    });
  }
  const known = new Map<string, string>();
  return (sql) => {
    const text = known.get(sql) ?? sql.replaceAll("@.", `"${schema}".`);
    if (known.size < 500) known.set(sql, text);
    return text;
  };
}
