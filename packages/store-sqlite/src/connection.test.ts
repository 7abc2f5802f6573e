import { join } from "node:path";
import { buildNewJob, queuedDraft } from "@cmo/engine/testing";
import type { ColumnValue } from "@cmo/store-sql";
import Database from "libsql";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { recordPage } from "./agent-memory.ts";
import { openConnection } from "./connection.ts";
import {
  countByStatus,
  expiredJobs,
  limitsOf,
  nextClaimable,
  pageOfAll,
  pageOfStatus,
  pageOfTenant,
  waiting,
} from "./job-table.ts";
import { contactableLeadPage, leadPage } from "./lead.ts";
import { migrate } from "./migration/migrate.ts";
import { createSqliteStore } from "./sqlite-store.ts";
import { newestCached, resultPage } from "./task-result.ts";

describe("A database that another process holds", () => {
  it("is written when it is free again, and nobody hears of the wait", async () => {
    const { store, hold, letGo } = await heldStore();
    hold();
    const written = store.updateJob("a", () => ({ patch: { attempt: 5 } }));
    // It was tried once already, and refused; it is read all the same.
    expect(await store.readJob("a")).toMatchObject({ attempt: 0 });
    letGo();
    expect((await written).job.attempt).toBe(5);
  });

  it("is unavailable for now when it is never let go, and for nobody else's sake the worse", async () => {
    const { store, hold, letGo } = await heldStore();
    hold();
    let decided = 0;
    const decide = () => {
      decided += 1;
      return {};
    };
    await expect(store.updateJob("a", decide)).rejects.toMatchObject({
      code: "store_unavailable",
      retryable: true,
      hint: expect.stringContaining("Close the program"),
    });
    expect(decided).toBe(0);
    letGo();
    await store.updateJob("a", decide);
    expect(decided).toBe(1);
  });

  it("is opened when it is free again, and is unavailable when it is never let go", async () => {
    const path = join(await temporaryFolder(), "store.db");
    const other = new Database(path);
    onTestFinished(() => {
      other.close();
    });
    // Not in WAL mode yet: even readers have to wait.
    other.exec("BEGIN EXCLUSIVE");
    const opening = createSqliteStore({ path, busyTimeoutMs: 1 });
    await expect(opening).rejects.toMatchObject({ code: "store_unavailable", retryable: true });
    const again = createSqliteStore({ path, busyTimeoutMs: 1 });
    other.exec("ROLLBACK");
    const store = await again;
    expect(await store.listJobs({ limit: 9 })).toEqual([]);
    await store.close();
  });

  it("is not held by an idle worker that finds nothing to do", async () => {
    const { store, hold, letGo } = await heldStore();
    await store.updateJob("a", () => ({ patch: { status: "completed" } }));
    hold();
    expect(await store.claimNext({}, () => ({}))).toBeNull();
    letGo();
  });
});

describe("What is asked often", () => {
  it.each([
    ["the next job of the queue", nextClaimable, [0], "INDEX job_queue"],
    ["a page of all jobs", pageOfAll, [9, 9], "PRIMARY KEY"],
    ["a page of jobs of one status", pageOfStatus, ["queued", 9, 9], "INDEX job_by_status"],
    [
      "a page of a tenant's jobs",
      pageOfTenant,
      ["local", "queued", 9, 9],
      "job_by_tenant (tenant=? AND status=? AND ordinal<?)",
    ],
    ["how many jobs there are", countByStatus, [], "COVERING INDEX job_by_status"],
    ["how many jobs wait", waiting, [0], "INDEX job_queue"],
    ["leads by rank", leadPage, [1, 0, 9, 9], "INDEX lead_by_rank"],
    ["contactable leads by rank", contactableLeadPage, [1, 1, 0, 9, 9], "INDEX lead_by_contactable"],
    ["a result of another job", newestCached, ["key", 0], "INDEX task_result_by_cache_key"],
    ["a page of results", resultPage, [1, "profile", "a", 9], "INDEX sqlite_autoindex_task_result"],
    ["an agent's records", recordPage, [1, "people", "a", 9], "INDEX sqlite_autoindex_agent_record"],
  ])("walks along an index and sorts nothing: %s", async (_, sql, values, index) => {
    const plan = await planOf(sql, values);
    expect(plan).toContain(index);
    expect(plan).not.toContain("TEMP B-TREE");
  });

  it("finds out once which tenants are full, not for each job that waits", async () => {
    const { sql, values } = limitsOf(0, { perTenant: 2 });
    const plan = await planOf(nextClaimable.replace(" ORDER BY", `${sql} ORDER BY`), [0, ...values]);
    expect(plan).toContain("INDEX job_queue");
    expect(plan).toContain("SUBQUERY");
    expect(plan).not.toContain("CORRELATED");
  });

  it("looks at no other job for those that are expired", async () => {
    expect(await planOf(expiredJobs, [0, 9])).toContain("INDEX job_by_keep_until (keep_until<?)");
  });
});

async function planOf(sql: string, values: readonly ColumnValue[]): Promise<string> {
  const connection = openConnection(join(await temporaryFolder(), "store.db"));
  onTestFinished(() => connection.close());
  await migrate(connection, { now: () => 0 });
  return connection
    .all(`EXPLAIN QUERY PLAN ${sql}`, values)
    .map((row) => String(row[3]))
    .join("; ");
}

async function heldStore() {
  const path = join(await temporaryFolder(), "store.db");
  const store = await createSqliteStore({ path, busyTimeoutMs: 1 });
  await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
  const other = new Database(path);
  onTestFinished(async () => {
    other.close();
    await store.close();
  });
  return { store, hold: () => other.exec("BEGIN IMMEDIATE"), letGo: () => other.exec("ROLLBACK") };
}
