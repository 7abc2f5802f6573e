// Writes `packages/store-postgres/test/golden/schema-N.sql`, N being today's schema: its tables, with a job that is half
// done and one that waits, as today's version leaves them. Made once for each step of the schema, before the next one is
// added, and never again: every later version must finish these jobs.
// Usage: pnpm --filter @cmo/parity write:golden (built first)
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { heard, startCmo } from "@cmo/command";
import { parseCampaign } from "@cmo/engine";
import { startPostgres } from "@cmo/postgres";
import { createCampaignSpec, createNodeHost, openRuntime } from "@cmo/runtime";
import { migrations } from "@cmo/store-postgres";
import pg from "pg";

const folder = await mkdtemp(join(tmpdir(), "cmo-golden-"));
const postgres = await startPostgres();
const client = new pg.Client({ connectionString: postgres.url });
await client.connect();
try {
  await leaveHalfDone();
  const target = new URL(`../../store-postgres/test/golden/schema-${migrations.length}.sql`, import.meta.url);
  await writeFile(target, await dump());
  process.stdout.write(`${fileURLToPath(target)}\n`);
} finally {
  await client.end();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

async function leaveHalfDone() {
  const host = { ...createNodeHost(), env: { CMO_CACHE: "off" }, cwd: folder, home: folder };
  const runtime = await openRuntime({ host, location: postgres.url });
  const [half] = [await submit(runtime, 1, 150), await submit(runtime, 2, 5)];
  const worker = startCmo(["worker"], folder, { CMO_STORE: postgres.url, CMO_CACHE: "off" });
  await heard(worker, /starts/);
  // A page of people is done, and more are to come.
  for (;;) {
    const { rows } = await client.query("SELECT count(*) AS checkpoints FROM cmo.checkpoint");
    if (Number(rows[0].checkpoints) > 0) break;
    if ((await runtime.store.readJob(half))?.finishedAt !== null) throw new Error("It was done too soon.");
    await wait(5);
  }
  worker.child.kill("SIGKILL");
  await worker.ended;
  await runtime.close();
  // Its lease is over, and nothing of it is to be let go of however late it is read.
  await client.query(`
    UPDATE cmo.job SET lease_until = 1 WHERE status = 'running';
    UPDATE cmo.job SET keep_until = 9000000000000;
    UPDATE cmo.first_seen SET keep_until = 9000000000000;
    UPDATE cmo.setting SET value = repeat('0', 64) WHERE name LIKE '%key%';
  `);
}

async function submit(runtime, seed, target) {
  const parsed = parseCampaign({
    name: `golden ${seed}`,
    params: { stars_range: ">=1", activity_days: 365, target_leads: target },
    limits: { people_per_repo: 1, commits_per_repo: 5 },
    source: { type: "simulator", seed, repositories: 260, latency_ms: 50, concurrency: 1 },
  });
  const { id } = await runtime.engine.submit(await createCampaignSpec(runtime, { config: parsed.value }));
  return id;
}

async function dump() {
  const lines = [
    `-- Schema ${migrations.length} with a job that is half done and one that waits. Made by packages/parity/scripts/write-golden.mjs;`,
    "-- people, repositories and addresses are imaginary.",
    "CREATE SCHEMA cmo;",
    "CREATE TABLE cmo.migration (version integer PRIMARY KEY, name text NOT NULL, compatible_from integer NOT NULL, applied_at timestamptz NOT NULL);",
    ...migrations.map(({ sql }) => sql.replaceAll("@.", "cmo.")),
  ];
  // In the order in which they were made, which is that of their references.
  const { rows: tables } = await client.query(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'cmo'::regnamespace AND relkind = 'r' ORDER BY oid",
  );
  for (const { name } of tables) {
    const { rows: columns } = await client.query(
      `SELECT column_name AS name, is_identity = 'YES' AS counts FROM information_schema.columns
       WHERE table_schema = 'cmo' AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position`,
      [name],
    );
    const names = columns.map((column) => column.name);
    const { rows } = await client.query({
      text: `SELECT ${names.map((one) => `${one}::text`).join(", ")} FROM cmo.${name} ORDER BY 1, 2`,
      rowMode: "array",
    });
    for (const row of rows) {
      const values = row.map((value) => (value === null ? "NULL" : pg.escapeLiteral(value)));
      lines.push(
        `INSERT INTO cmo.${name} (${names.join(", ")}) OVERRIDING SYSTEM VALUE VALUES (${values.join(", ")});`,
      );
    }
    const counted = columns.find((column) => column.counts)?.name;
    if (counted !== undefined && rows.length > 0) {
      lines.push(
        `SELECT setval(pg_get_serial_sequence('cmo.${name}', '${counted}'), (SELECT max(${counted}) FROM cmo.${name}));`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}
