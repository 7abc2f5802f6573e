import type { Session, Value } from "./database.ts";

/**
 * One of the statements that are sent as one: gives its text, and hands each of its values to `value`, which gives what
 * stands for it there. The text depends on nothing but which values there are, so that it can be prepared.
 */
export type Part = (value: (value: Value) => string) => string;

/**
 * Runs statements in one message and one look of the database: none sees what another of them writes, and in which order
 * they are done is open.
 */
export async function runTogether(session: Session, parts: readonly Part[]): Promise<void> {
  const values: Value[] = [];
  const texts = parts.map((part) => part((value) => `$${values.push(value)}`));
  const last = texts.pop();
  if (last === undefined) return;
  const before = texts.map((text, index) => `part${index} AS (${text})`);
  await session.run(before.length === 0 ? last : `WITH ${before.join(", ")} ${last}`, values);
}
