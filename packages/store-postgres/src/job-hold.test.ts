import { buildNewJob, queuedDraft } from "@cmo/engine/testing";
import { newSchema, type PostgresServer, startPostgres } from "@cmo/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limitsOf, nextOf } from "./job-hold.ts";
import { createPostgresStore } from "./postgres-store.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** A node of a plan as EXPLAIN gives it. */
interface PlanNode {
  readonly Alias?: string;
  readonly "Actual Loops": number;
  readonly Plans?: readonly PlanNode[];
}

function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

describe("The next job within limits", () => {
  it("is found with one look at who is full, however many jobs of a full tenant wait before it", async () => {
    const schema = newSchema();
    const store = await createPostgresStore({ url: server.url, schema });
    await store.createJob(buildNewJob({ id: "first", tenant: "full", priority: 9 }), [queuedDraft]);
    await store.createJob(buildNewJob({ id: "other", tenant: "other", priority: -1 }), [queuedDraft]);
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    // As many as a tenant may have put in, and one that is worked on.
    await client.query(`INSERT INTO "${schema}".job (id, revision, tenant, created_at, queued_at, status, priority,
        not_before, attempt, attempt_open, last_seq, epoch, keep_until)
      SELECT 'job-' || n, 1, 'full', 0, 0, 'queued', 0, 0, 0, 1, 1, 0, 0 FROM generate_series(1, 20000) AS n`);
    await client.query(
      `UPDATE "${schema}".job SET status = 'running', lease_until = 9000000000000000 WHERE id = 'first'`,
    );
    const { sql, values } = limitsOf({ perTenant: 1, perSource: { simulator: 9 } }, 2);
    const next = `${nextOf("id", sql)} LIMIT 1`.replaceAll("@.", `"${schema}".`);
    expect((await client.query(next, [null, ...values])).rows).toEqual([{ id: "other" }]);
    const explained = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${next}`, [null, ...values]);
    const [{ Plan }] = explained.rows[0]["QUERY PLAN"];
    const looks = nodesOf(Plan).filter(({ Alias }) => Alias === "busy");
    expect(looks.length).toBeGreaterThan(0);
    for (const look of looks) expect(look["Actual Loops"]).toBeLessThanOrEqual(1);
    await client.end();
    await store.close();
  });
});
