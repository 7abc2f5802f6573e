import { buildNewJob, queuedDraft } from "@cmo/engine/testing";
import { newSchema, type PostgresServer, startPostgres } from "@cmo/postgres";
import type { Row } from "@cmo/store-sql";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Session } from "./database.ts";
import { createPostgresStore } from "./postgres-store.ts";
import { createQualifier, createSession } from "./statement.ts";
import { readWindow } from "./stored-row.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** A node of a plan as EXPLAIN gives it. */
interface PlanNode {
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly PlanNode[];
}

/** How many rows of the log a statement has looked at. */
function eventsRead(node: PlanNode): number {
  const own =
    node["Relation Name"] === "event"
      ? (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"]
      : 0;
  return (node.Plans ?? []).reduce((sum, inner) => sum + eventsRead(inner), own);
}

describe("Looking for a person in a log", () => {
  it("looks at each row a few times, however many windows there are", async () => {
    const schema = newSchema();
    const store = await createPostgresStore({ url: server.url, schema });
    for (const id of ["a", "b", "c"]) await store.createJob(buildNewJob({ id }), [queuedDraft]);
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(`INSERT INTO "${schema}".event (job, seq, at, v, type, data)
      SELECT ordinal, seq, 0, 1, 'log', '{"message":"nothing of anybody"}'
      FROM "${schema}".job, generate_series(2, 50000) AS seq`);
    await client.query(`ANALYZE "${schema}".event`);

    const session = createSession(client as unknown as pg.PoolClient, {
      qualified: createQualifier(schema),
      nameOf: () => undefined,
      timeoutMs: 60_000,
    });
    let read = 0;
    let statements = 0;
    const explained = async (sql: string, values: Parameters<Session["all"]>[1]) => {
      const row = await session.first(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, values);
      const [plan] = (row ?? [])[0] as [{ Plan: PlanNode }];
      read += eventsRead(plan.Plan);
      statements += 1;
    };
    const counting: Session = {
      ...session,
      all: async (sql, values) => {
        await explained(sql, values);
        return session.all(sql, values);
      },
      first: async (sql, values) => {
        await explained(sql, values);
        return session.first(sql, values);
      },
    };
    let windows = 0;
    for (let after: Row | null = null; ; windows += 1) {
      const { found, next }: Awaited<ReturnType<typeof readWindow>> = await readWindow(
        counting,
        "event",
        ["%iris-imaginary%"],
        after,
        null,
      );
      expect(found).toEqual([]);
      if (next === null) break;
      after = next;
    }
    expect(windows).toBe(30);
    expect(statements).toBe(2 * (windows + 1));
    // Once for where the window ends, and once for what stands in it.
    expect(read).toBeLessThan(3 * 150_000);
    await client.end();
    await store.close();
  });
});
