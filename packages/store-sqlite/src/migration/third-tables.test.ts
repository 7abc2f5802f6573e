import { join } from "node:path";
import { buildNewJob } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/temporary-folder.ts";
import { openConnection } from "../connection.ts";
import { createSqliteStore } from "../sqlite-store.ts";
import { firstTables } from "./first-tables.ts";
import { migrate } from "./migrate.ts";
import { secondTables } from "./second-tables.ts";

describe("A database of the second version", () => {
  it("has jobs that belong to whom all belonged before anybody was told apart", async () => {
    const path = join(await temporaryFolder(), "store.db");
    const connection = openConnection(path);
    await migrate(connection, { now: () => 1, steps: [firstTables, secondTables] });
    const job = buildNewJob({ id: "old" });
    connection.run(
      `INSERT INTO job (id, revision, created_at, status, priority, not_before, attempt, attempt_open, last_seq, epoch,
        keep_until) VALUES ('old', 1, 1, 'completed', 0, 0, 0, 1, 0, 0, 9)`,
    );
    connection.run("INSERT INTO job_spec VALUES (1, ?)", [JSON.stringify(job.spec)]);
    connection.run("INSERT INTO job_snapshot VALUES (1, ?)", [JSON.stringify(job.snapshot)]);
    connection.close();

    const store = await createSqliteStore({ path, clock: { now: () => 2 } });
    try {
      await store.createJob(buildNewJob({ id: "new", tenant: "acme" }), []);
      const idsOf = async (tenant: string) =>
        (await store.listJobs({ tenant, limit: 9 })).map(({ id }) => id);
      expect(await store.readJob("old")).toMatchObject({ tenant: "local", keepUntil: 9 });
      expect(await idsOf("local")).toEqual(["old"]);
      expect(await idsOf("acme")).toEqual(["new"]);
    } finally {
      await store.close();
    }
  });
});
