import { firstSeenCampaign } from "@cmo/engine";
import { buildLead, buildNewJob } from "@cmo/engine/testing";
import { newSchema, type PostgresServer, startPostgres } from "@cmo/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPostgresStore } from "../postgres-store.ts";
import { migrations } from "./migrations.ts";

const before = migrations.slice(
  0,
  migrations.findIndex(({ name }) => name === "exports of campaigns"),
);
const start = Date.parse("2030-01-01T00:00:00.000Z");

describe("A PostgreSQL database from before campaigns could export only who is new", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it("knows the runs that completed, and whom they exported first", async () => {
    const schema = newSchema();
    await (await createPostgresStore({ url: server.url, schema, steps: before })).close();
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const insert = async (table: string, row: Readonly<Record<string, unknown>>) => {
      const marks = Object.keys(row).map((_key, index) => `$${index + 1}`);
      const { rows } = await client.query(
        `INSERT INTO ${schema}.${table} (${Object.keys(row).join(", ")}) VALUES (${marks.join(", ")}) RETURNING *`,
        Object.values(row),
      );
      return rows[0];
    };
    const put = async (
      place: number,
      status: string,
      more: { tenant?: string; name?: string; dryRun?: boolean; specText?: string } = {},
    ) => {
      const { tenant = "local", name = "campaign", dryRun = false, specText } = more;
      const { id, spec, snapshot } = buildNewJob({ id: `job_${place}` });
      const { ordinal: job } = await insert("job", {
        ...{
          id,
          tenant,
          status,
          revision: 1,
          created_at: 1,
          queued_at: 1,
          priority: 0,
          not_before: 0,
          attempt: 0,
        },
        ...{ attempt_open: 1, last_seq: 0, epoch: 0, keep_until: start + place * 1_000 },
        ...{ started_at: start + place, finished_at: start + 10 + place },
      });
      const text = specText ?? JSON.stringify({ ...spec, name, dryRun });
      await insert("job_spec", { job, spec: text, source: "simulator" });
      await insert("job_snapshot", { job, snapshot: JSON.stringify(snapshot) });
      for (const [nodeId, contactable] of [
        ["U_1", 1],
        [`U_only${place}`, 1],
        ["U_mute", 0],
      ] as const) {
        // A zero character in a profile: PostgreSQL reads no such JSON.
        await insert("lead", {
          job,
          rank: 1,
          contactable,
          lead: JSON.stringify(buildLead({ nodeId, bio: "\0" })),
        });
      }
    };
    await put(1, "completed");
    await put(2, "completed");
    await put(3, "cancelled");
    await put(4, "completed", { dryRun: true });
    await put(5, "completed", { tenant: "acme", name: 'A "quoted" name, ünïcode' });
    await put(6, "completed", { specText: '{"name":"campaign","dryRun":fal' });
    await insert("first_seen", { campaign: "campaign", node_id: "U_1", at: "then", keep_until: 7 });
    await client.end();

    const store = await createPostgresStore({ url: server.url, schema });
    try {
      const last = async (campaign: string) =>
        (await store.readLastExport(campaign, Number.MAX_SAFE_INTEGER))?.id;
      const acme = firstSeenCampaign("acme", 'A "quoted" name, ünïcode');
      expect([await last("campaign"), await last(acme)]).toEqual(["job_2", "job_5"]);
      const ids = ["U_1", "U_only1", "U_only2", "U_only3", "U_only4", "U_only6", "U_mute"];
      expect(new Map(await store.readFirstSeen("campaign", ids))).toEqual(
        new Map([
          ["U_1", { at: "then", exportedAt: start + 11 }],
          ["U_only1", { at: "2030-01-01T00:00:00.001Z", exportedAt: start + 11 }],
          ["U_only2", { at: "2030-01-01T00:00:00.002Z", exportedAt: start + 12 }],
        ]),
      );
      expect((await store.readFirstSeen(acme, ["U_only5"])).size).toBe(1);
      expect(await store.eraseExpired({ firstSeen: start + 2_000, notes: 0 })).toBe(1);
    } finally {
      await store.close();
    }
  });
});
