import { buildNewJob, queuedDraft } from "@cmo/engine/testing";
import { newSchema, type PostgresServer, startPostgres } from "@cmo/postgres";
import type { Row, RowWindow } from "@cmo/store-sql";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPostgresStore } from "./postgres-store.ts";
import { createNames, createQualifier, createSession } from "./statement.ts";
import { readWindow } from "./stored-row.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const jobs = 30;
const eventsOfJob = 5_000;

describe("Looking for a person in a log", () => {
  // What the planner takes for the better way in a table that is a thousand times as large is the growth bench's matter.
  it("looks at each row a few times, however many windows there are", async () => {
    const schema = newSchema();
    const store = await createPostgresStore({ url: server.url, schema });
    for (let job = 0; job < jobs; job += 1) {
      await store.createJob(buildNewJob({ id: `job-${job}` }), [queuedDraft]);
    }
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    // As jobs write that are worked on at the same time: where a row stands says nothing of whose it is.
    await client.query(`INSERT INTO "${schema}".event (job, seq, at, v, type, data)
      SELECT ordinal, seq, 0, 1, 'log', '{"message":"nothing of anybody"}'
      FROM "${schema}".job, generate_series(2, ${eventsOfJob}) AS seq ORDER BY seq`);
    await client.query(`ANALYZE "${schema}".event`);

    // Prepared, as an erase does it: after some windows the plan knows nothing of the values.
    const session = createSession(client as unknown as pg.PoolClient, {
      qualified: createQualifier(schema),
      nameOf: createNames(),
      timeoutMs: 60_000,
    });
    await client.query("BEGIN");
    let windows = 0;
    for (let after: Row | null = null; ; windows += 1) {
      const window: RowWindow = await readWindow(session, "event", ["%iris-imaginary%"], after, null);
      expect(window.found).toEqual([]);
      if (window.next === null) break;
      after = window.next;
    }
    const { rows } = await client.query<{ read: string }>(
      `SELECT seq_tup_read + idx_tup_fetch AS read FROM pg_stat_xact_user_tables
        WHERE schemaname = $1 AND relname = 'event'`,
      [schema],
    );
    await client.query("COMMIT");
    expect(windows).toBe((jobs * eventsOfJob) / 5_000);
    expect(Number(rows[0]?.read) / (jobs * eventsOfJob)).toBeLessThan(4);
    await client.end();
    await store.close();
  });
});
