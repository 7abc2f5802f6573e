import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildNewJob, queuedDraft } from "@cmo/engine/testing";
import Database from "libsql";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../../test/temporary-folder.ts";
import { type Connection, openConnection } from "../connection.ts";
import { createSqliteStore } from "../sqlite-store.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations.ts";

const colours = { name: "colours", sql: "ALTER TABLE job ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'" };
const now = () => 1_000;

describe("Migrations", () => {
  it("bring an empty file to the newest schema, and note each step once, however often they run", async () => {
    const connection = await open();
    for (let time = 0; time < 3; time += 1) await migrate(connection, { now });
    expect(ledger(connection)).toEqual(migrations.map(({ name }, index) => [index + 1, name, 1_000]));
  });

  it("take an older file on from where it is, and keep what is in it", async () => {
    const path = join(await temporaryFolder(), "store.db");
    const older = await createSqliteStore({ path });
    const { job } = await older.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    await older.close();
    const connection = await open(path);
    await migrate(connection, { now, steps: [...migrations, colours] });
    expect(connection.all("SELECT id, colour FROM job")).toEqual([["a", "grey"]]);
    expect(ledger(connection).at(-1)).toEqual([migrations.length + 1, "colours", 1_000]);
    // One that was made by this version had all of its steps before.
    expect(job.lastSeq).toBe(1);
  });

  it("leave nothing of a step that fails, and go on from there when it is mended", async () => {
    const connection = await open();
    const broken = {
      name: "broken",
      sql: `${colours.sql}; CREATE TABLE half (a); SELECT nothing FROM nowhere`,
    };
    await expect(migrate(connection, { now, steps: [...migrations, broken] })).rejects.toMatchObject({
      code: "internal",
    });
    expect(ledger(connection)).toHaveLength(migrations.length);
    expect(connection.all("SELECT name FROM sqlite_schema WHERE name = 'half'")).toEqual([]);
    await migrate(connection, { now, steps: [...migrations, colours] });
    expect(ledger(connection)).toHaveLength(migrations.length + 1);
  });

  it("run once when many connections start at once", async () => {
    const path = join(await temporaryFolder(), "store.db");
    const connections = await Promise.all(Array.from({ length: 8 }, () => open(path)));
    await Promise.all(connections.map((connection) => migrate(connection, { now })));
    for (const connection of connections) expect(ledger(connection)).toHaveLength(migrations.length);
  });

  it("refuse a database from a newer version, and leave it as it is", async () => {
    const path = join(await temporaryFolder(), "store.db");
    const connection = await open(path);
    await migrate(connection, { now, steps: [...migrations, colours] });
    connection.close();
    const content = readFileSync(path);
    await expect(createSqliteStore({ path })).rejects.toMatchObject({
      code: "store_newer",
      retryable: false,
      hint: expect.stringContaining("later one"),
    });
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it("mark the file as a database of cmo, in WAL mode", async () => {
    const path = join(await temporaryFolder(), "store.db");
    const store = await createSqliteStore({ path });
    const hand = new Database(path);
    expect(hand.prepare("PRAGMA application_id").raw().get([])).toEqual([0x63_6d_6f_31]);
    expect(hand.prepare("PRAGMA journal_mode").raw().get([])).toEqual(["wal"]);
    hand.close();
    await store.close();
  });
});

async function open(path?: string): Promise<Connection> {
  const connection = openConnection(path ?? join(await temporaryFolder(), "store.db"));
  onTestFinished(() => connection.close());
  return connection;
}

function ledger(connection: Connection) {
  return connection.all("SELECT version, name, applied_at FROM migration ORDER BY version");
}
