import { join } from "node:path";
import { firstSeenCampaign } from "@cmo/engine";
import { buildLead, buildNewJob } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/temporary-folder.ts";
import { openConnection } from "../connection.ts";
import { lastExport } from "../job-table.ts";
import { createSqliteStore } from "../sqlite-store.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations.ts";

const before = migrations.slice(
  0,
  migrations.findIndex(({ name }) => name === "exports of campaigns"),
);
const start = Date.parse("2030-01-01T00:00:00.000Z");

describe("A database from before campaigns could export only who is new", () => {
  it("knows the runs that completed, and whom they exported first", async () => {
    const path = join(await temporaryFolder(), "store.db");
    const connection = openConnection(path);
    await migrate(connection, { now: () => 1, steps: before });
    const put = (
      ordinal: number,
      status: string,
      more: { tenant?: string; name?: string; dryRun?: boolean } = {},
    ) => {
      const { tenant = "local", name = "campaign", dryRun = false } = more;
      const job = buildNewJob({ id: `job_${ordinal}` });
      connection.run(
        `INSERT INTO job (id, tenant, revision, created_at, status, priority, not_before, attempt, attempt_open, last_seq,
          epoch, keep_until, started_at, finished_at) VALUES (?, ?, 1, 1, ?, 0, 0, 0, 1, 0, 0, ?, ?, ?)`,
        [job.id, tenant, status, start + ordinal * 1_000, start + ordinal, start + 10 + ordinal],
      );
      connection.run("INSERT INTO job_spec (job, spec) VALUES (?, ?)", [
        ordinal,
        JSON.stringify({ ...job.spec, name, dryRun }),
      ]);
      connection.run("INSERT INTO job_snapshot VALUES (?, ?)", [ordinal, JSON.stringify(job.snapshot)]);
      for (const [nodeId, contactable] of [
        ["U_1", 1],
        [`U_only${ordinal}`, 1],
        ["U_mute", 0],
      ] as const) {
        connection.run("INSERT INTO lead (job, rank, contactable, lead) VALUES (?, 1, ?, ?)", [
          ordinal,
          contactable,
          JSON.stringify(buildLead({ nodeId })),
        ]);
      }
    };
    put(1, "completed");
    put(2, "completed");
    put(3, "cancelled");
    put(4, "completed", { dryRun: true });
    put(5, "completed", { tenant: "acme", name: 'A "quoted" name, ünïcode' });
    connection.run(
      "INSERT INTO first_seen (campaign, node_id, at, keep_until) VALUES ('campaign', 'U_1', 'then', 7)",
    );
    connection.close();

    const store = await createSqliteStore({ path, clock: { now: () => 2 } });
    try {
      const last = async (campaign: string) =>
        (await store.readLastExport(campaign, Number.MAX_SAFE_INTEGER))?.id;
      const acme = firstSeenCampaign("acme", 'A "quoted" name, ünïcode');
      expect([await last("campaign"), await last(acme)]).toEqual(["job_2", "job_5"]);
      const seen = await store.readFirstSeen("campaign", [
        "U_1",
        "U_only1",
        "U_only2",
        "U_only3",
        "U_only4",
        "U_mute",
      ]);
      expect(new Map(seen)).toEqual(
        new Map([
          ["U_1", { at: "then", exportedAt: start + 11 }],
          ["U_only1", { at: "2030-01-01T00:00:00.001Z", exportedAt: start + 11 }],
          ["U_only2", { at: "2030-01-01T00:00:00.002Z", exportedAt: start + 12 }],
        ]),
      );
      expect((await store.readFirstSeen(acme, ["U_only5"])).size).toBe(1);
      // Kept as long as the job that is kept longest.
      expect(await store.eraseExpired({ firstSeen: start + 2_000, notes: 0 })).toBe(1);
    } finally {
      await store.close();
    }
  });

  it("finds the last run along an index", async () => {
    const path = join(await temporaryFolder(), "store.db");
    await (await createSqliteStore({ path })).close();
    const connection = openConnection(path);
    const plan = connection
      .all(`EXPLAIN QUERY PLAN ${lastExport}`, ["campaign", 1])
      .map((row) => String(row[3]));
    connection.close();
    expect(plan).toEqual([expect.stringMatching(/SEARCH job USING (COVERING )?INDEX job_by_export/)]);
  });
});
