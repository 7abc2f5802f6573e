import {
  chmodSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { buildNewJob, queuedDraft } from "@cmo/engine/testing";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { createSqliteStore } from "./sqlite-store.ts";

describe("The file of a SQLite store", () => {
  it("can be read by its owner only, with its log, its index and a folder that was made for it", async () => {
    const folder = join(await temporaryFolder(), "made", "for it");
    const path = join(folder, "store.db");
    const store = await createSqliteStore({ path });
    await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    expect(modeOf(folder)).toBe("700");
    expect(["", "-wal", "-shm"].map((suffix) => modeOf(path + suffix))).toEqual(["600", "600", "600"]);
    await store.close();
    expect(modeOf(path)).toBe("600");
  });

  it("is left as it was when it is something else", async () => {
    const path = join(await temporaryFolder(), "notes.txt");
    writeFileSync(path, "not a database, but somebody's notes", { mode: 0o644 });
    await expect(createSqliteStore({ path })).rejects.toMatchObject({ code: "store_corrupt" });
    expect(modeOf(path)).toBe("644");
    expect(readFileSync(path, "utf8")).toContain("notes");
  });

  it("is an error where no folder can be made, at once", async () => {
    const path = join(await temporaryFolder(), "file", "below", "store.db");
    writeFileSync(join(path, "..", ".."), "a file in the way");
    await expect(createSqliteStore({ path })).rejects.toMatchObject({ code: "store_unavailable" });
    await expect(createSqliteStore({ path: "/proc/none/store.db" })).rejects.toMatchObject({
      code: "store_unavailable",
    });
  });

  it("is taken away from others when they could read it, and its folder is left as it was", async () => {
    const folder = await temporaryFolder();
    chmodSync(folder, 0o755);
    const path = join(folder, "store.db");
    writeFileSync(path, "", { mode: 0o644 });
    const store = await createSqliteStore({ path });
    await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    expect(modeOf(folder)).toBe("755");
    expect(["", "-wal", "-shm"].map((suffix) => modeOf(path + suffix))).toEqual(["600", "600", "600"]);
    await store.close();
  });

  it.each([
    ["text", Buffer.from("no database at all, ".repeat(1_000))],
    ["a header and nothing behind it", Buffer.from("SQLite format 3\u0000".padEnd(5_000, "x"))],
  ])("is refused as damaged when it holds %s, and left as it is", async (_, content) => {
    const path = join(await temporaryFolder(), "store.db");
    writeFileSync(path, content);
    await expect(createSqliteStore({ path })).rejects.toMatchObject({
      code: "store_corrupt",
      hint: expect.stringContaining("backup"),
      message: expect.stringContaining(path),
    });
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it("is refused when it is the database of another program, and left as it is", async () => {
    const path = join(await temporaryFolder(), "store.db");
    const other = new Database(path);
    other.exec("CREATE TABLE customer (name TEXT)");
    other.close();
    const content = readFileSync(path);
    await expect(createSqliteStore({ path })).rejects.toMatchObject({
      code: "store_corrupt",
      message: expect.stringContaining("another program"),
    });
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it("is reported as damaged by who meets the damage, whose work is not half done", async () => {
    const path = join(await temporaryFolder(), "store.db");
    const store = await createSqliteStore({ path });
    await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    const big = "x".repeat(50_000);
    await store.updateJob("a", () => ({
      taskResults: [0, 1, 2, 3].map((n) => ({ kind: "k", itemId: `${n}`, inputDigest: "d", value: big })),
    }));
    await store.close();
    truncateSync(path, statSync(path).size - 100_000);
    const opened = createSqliteStore({ path }).then(async (damaged) => {
      try {
        return await damaged.readTaskResults("a", "k", ["0", "1", "2", "3"]);
      } finally {
        await damaged.close();
      }
    });
    await expect(opened).rejects.toMatchObject({ code: "store_corrupt" });
  });

  it("says so when a column holds what the store never wrote", async () => {
    const path = join(await temporaryFolder(), "store.db");
    const store = await createSqliteStore({ path });
    await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    await store.close();
    const hand = new Database(path);
    for (const change of ["status = 'asleep'", "status = 'queued', created_at = 'noon'", "error = '{'"]) {
      hand.exec(`UPDATE job SET created_at = 0, ${change}`);
      const opened = await createSqliteStore({ path });
      await expect(opened.readJob("a")).rejects.toMatchObject({ code: "store_corrupt" });
      await opened.close();
    }
    hand.close();
  });

  it("cannot be a folder, nor stand below a file, nor behind a link that leads in a circle", async () => {
    const folder = await temporaryFolder();
    mkdirSync(join(folder, "a folder"));
    writeFileSync(join(folder, "a file"), "");
    symlinkSync("circle.db", join(folder, "circle.db"));
    for (const path of ["a folder", "a file/store.db", "circle.db"]) {
      await expect(createSqliteStore({ path: join(folder, path) })).rejects.toMatchObject({
        code: "store_unavailable",
        retryable: false,
        hint: expect.stringContaining("CMO_STORE"),
      });
    }
  });
});

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}
