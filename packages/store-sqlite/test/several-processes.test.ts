import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { isReadable, type Store } from "@cmo/engine";
import { buildLead, buildNewJob, queuedDraft } from "@cmo/engine/testing";
import Database from "libsql";
import { build } from "tsup";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createSqliteStore } from "../src/sqlite-store.ts";
import { temporaryFolder } from "./temporary-folder.ts";

let programFolder: string;
let program: string;

beforeAll(async () => {
  // Inside of the package, so that the program finds the driver, which cannot be bundled.
  const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
  programFolder = await mkdtemp(join(modules, ".store-process-"));
  await build({
    config: false,
    silent: true,
    entry: { "store-process": fileURLToPath(new URL("store-process.ts", import.meta.url)) },
    outDir: programFolder,
    outExtension: () => ({ js: ".mjs" }),
    format: "esm",
    target: "node20",
    clean: false,
    noExternal: [/^(?!libsql$)/],
    external: ["libsql"],
    esbuildOptions: (options) => {
      options.conditions = ["@cmo/source"];
    },
  });
  program = join(programFolder, "store-process.mjs");
});
afterAll(async () => {
  await rm(programFolder, { recursive: true, force: true });
});

describe("Several processes on one file", () => {
  it("may start at once on a file that is not there yet", async () => {
    const path = await newPath();
    const lines = await Promise.all([1, 2, 3, 4].map(() => lastLine(start("open", path))));
    expect(lines).toEqual(["opened", "opened", "opened", "opened"]);
  });

  it("S13 append to one job without a gap, and none of them meets a lock", async () => {
    const { path, store } = await storeWithJob();
    const [writers, count] = [4, 150];
    const others = Array.from({ length: writers - 1 }, () => start("append", path, `${count}`));
    const ended = Promise.all(others.map(lastLine));
    // Begins when one of them has.
    await new Promise<void>((resolve) => store.onNews("a", resolve));
    for (let own = 0; own < count; own += 1) {
      await store.updateJob("a", (job) => ({
        patch: { attempt: job.attempt + 1 },
        events: [note(`own/${own}`), note(`own/${own}`)],
      }));
      // Gives the others their turns.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await ended).toEqual(["", "", ""]);
    const events = await store.readEvents("a", 0, 100_000);
    expect(events.map((event) => event.seq)).toEqual(
      Array.from({ length: 1 + 2 * writers * count }, (_, index) => index + 1),
    );
    // The two of each change stand together.
    for (let index = 1; index < events.length; index += 2) {
      expect(events[index]?.data.message).toBe(events[index + 1]?.data.message);
    }
    expect(new Set(events.slice(1).map((event) => event.data.message)).size).toBe(writers * count);
    expect(await store.readJob("a")).toMatchObject({ attempt: writers * count, lastSeq: events.length });
  });

  it("S14 share the queue: every job is taken once", async () => {
    const { path, store } = await storeWithJob();
    const ids = ["a", ...Array.from({ length: 80 }, (_, index) => `job-${index}`)];
    for (const id of ids.slice(1)) await store.createJob(buildNewJob({ id }), [queuedDraft]);
    const taken = await Promise.all([1, 2, 3].map(() => allLines(start("claim", path))));
    expect(taken.flat().sort()).toEqual([...ids].sort());
    const jobs = await store.listJobs({ limit: 1_000 });
    expect(
      jobs.filter(isReadable).filter((job) => job.status === "completed" && job.epoch === 1),
    ).toHaveLength(ids.length);
  });

  it("hear of what another one wrote, and are not woken for other jobs", async () => {
    const { path, store } = await storeWithJob();
    await store.createJob(buildNewJob({ id: "b" }), [queuedDraft]);
    const child = start("obedient", path);
    const lines = linesOf(child)[Symbol.asyncIterator]();
    await lines.next();
    let wrongRings = 0;
    store.onNews("b", () => {
      wrongRings += 1;
    });
    const anyRang = new Promise<void>((resolve) => store.onNews(null, resolve));
    const rang = new Promise<void>((resolve) => store.onNews("a", resolve));
    child.stdin?.write("a\n");
    await Promise.all([rang, anyRang]);
    expect(await store.readEvents("a", 1, 9)).toMatchObject([{ seq: 2, data: { message: "obeyed" } }]);
    expect(wrongRings).toBe(0);
    child.stdin?.end();
    await lines.next();
  });

  it("are kept alive by nobody who only listens", async () => {
    const { path } = await storeWithJob();
    const child = start("listen", path);
    const exit = once(child, "exit");
    expect(await lastLine(child)).toBe("listening");
    expect(await exit).toEqual([0, null]);
  });
});

describe("A process that is killed", () => {
  it("S13 S33 loses nothing that was committed, at fifty random moments, and leaves nothing half written", async () => {
    const { path, store } = await storeWithJob();
    let seen = 0;
    for (let kill = 0; kill < 50; kill += 1) {
      const child = start("restless", path);
      const wanted = Math.floor(Math.random() * 12) + 1;
      let told = 0;
      let heard = 0;
      for await (const line of linesOf(child)) {
        told = Number(line);
        heard += 1;
        if (heard !== wanted) continue;
        for (let turn = Math.floor(Math.random() * 20); turn > 0; turn -= 1) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        child.kill("SIGKILL");
      }
      seen = await checkRounds(store, seen, told);
    }
    const events = await store.readEvents("a", 0, 1_000_000);
    expect(events.map((event) => event.seq)).toEqual(
      Array.from({ length: 1 + 3 * seen }, (_, index) => index + 1),
    );
    const hand = new Database(path);
    expect(hand.prepare("PRAGMA integrity_check").raw().all([])).toEqual([["ok"]]);
    hand.close();
  });
});

describe("An erase", () => {
  it("S35 is pending while another process reads, is gone for whoever asks, and is finished by the next who comes", async () => {
    const { path, store } = await storeWithJob();
    await store.updateJob("a", () => ({ leads: [buildLead({ bio: "canary" }), buildLead({ rank: 2 })] }));
    const reader = start("reader", path);
    const lines = linesOf(reader)[Symbol.asyncIterator]();
    await lines.next();
    expect(
      await store.eraseRows(
        ["Canary"],
        () => null,
        () => ({}),
      ),
    ).toEqual(["a"]);
    expect(await store.finishErasures()).toBe("pending");
    expect(await store.countLeads("a", { search: "canary" })).toBe(0);
    expect(await store.listErasures(9)).toMatchObject([{ scope: "person", state: "pending" }]);
    // Neither does one who comes while it still reads, nor is anybody kept from his work.
    expect(await lastLine(start("open", path))).toBe("opened");
    expect(await store.listErasures(9)).toMatchObject([{ state: "pending" }]);
    expect(holds(path, "canary")).toBe(true);
    await store.updateJob("a", () => ({ events: [note("goes on")] }));
    reader.stdin?.end("enough\n");
    await once(reader, "exit");
    expect(await lastLine(start("open", path))).toBe("opened");
    expect(holds(path, "canary")).toBe(false);
    expect(await store.listErasures(9)).toMatchObject([{ scope: "person", state: "done" }]);
    expect(await store.finishErasures()).toBe("done");
  });

  it("S35 is whole whenever its process is killed: nothing of it, or all, and the next who comes ends it", async () => {
    const { path, store } = await storeWithJob();
    for (let kill = 0; kill < 12; kill += 1) {
      const child = start("eraser", path);
      const wanted = Math.floor(Math.random() * 5) + 1;
      let heard = 0;
      let told = "";
      for await (const line of linesOf(child)) {
        heard += 1;
        told = line;
        if (heard === wanted) setTimeout(() => child.kill("SIGKILL"), Math.floor(Math.random() * 10));
      }
      const again = await createSqliteStore({ path });
      expect((await again.listErasures(100)).every(({ state }) => state === "done")).toBe(true);
      // Killed before an erase: then all of what it put in is there.
      const left = await again.countLeads("a", { search: "canary" });
      const rows: string[] = [];
      for await (const row of again.findRows(["canary"])) rows.push(row.table);
      expect([0, 2]).toContain(left);
      expect(rows).toHaveLength(left === 0 ? 0 : 3);
      // Otherwise it may have been killed while it put them in again: what was never committed stands in the log.
      if (told === "erased") expect(holds(path, "canary")).toBe(false);
      await again.eraseRows(
        ["canary"],
        () => null,
        () => ({}),
      );
      await again.updateJob("a", () => ({ clearLeads: true }));
      expect(await again.finishErasures()).toBe("done");
      expect(holds(path, "canary")).toBe(false);
      await again.close();
    }
    expect(await store.readLeads("a", { limit: 9 })).toEqual([]);
    const hand = new Database(path);
    expect(hand.prepare("PRAGMA integrity_check").raw().all([])).toEqual([["ok"]]);
    hand.close();
  });

  it("has no room on a full disk, says so, and is done when there is some again", async () => {
    const { path, store } = await storeWithJob();
    const bios = Array.from({ length: 60 }, (_, index) => `canary ${index} ${"long ".repeat(2_000)}`);
    await store.updateJob("a", () => ({
      leads: bios.map((bio, index) => buildLead({ rank: index + 1, bio })),
    }));
    await store.close();
    const arguments_ = ["-c", 'ulimit -f 800; exec "$@"', "sh", process.execPath, program, "eraser", path];
    const lines = await allLines(spawn("sh", arguments_, { stdio: ["ignore", "pipe", "inherit"] }));
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ code: "store_unavailable" });
    const again = await createSqliteStore({ path });
    onTestFinished(() => again.close());
    await again.eraseRows(
      ["canary"],
      () => null,
      () => ({}),
    );
    expect(await again.finishErasures()).toBe("done");
    expect(holds(path, "canary")).toBe(false);
  });
});

describe("A disk or a file that takes nothing", () => {
  it("is reported when it may not be written, and so is its folder", async () => {
    const { path, store } = await storeWithJob();
    await store.close();
    const folder = join(path, "..");
    for (const [fileMode, folderMode] of [
      [0o444, 0o755],
      [0o666, 0o555],
    ] as const) {
      await chmod(path, fileMode);
      await chmod(folder, folderMode);
      expect(JSON.parse(await lastLine(start("unprivileged", path)))).toMatchObject({
        code: "store_unavailable",
        message: expect.stringContaining(path),
        hint: expect.stringContaining("writable"),
      });
    }
    await chmod(folder, 0o700);
  });

  it("keeps what was committed before it was full, and says what to do", async () => {
    const { path, store } = await storeWithJob();
    await store.close();
    const arguments_ = ["-c", 'ulimit -f 600; exec "$@"', "sh", process.execPath, program, "greedy", path];
    const lines = await allLines(spawn("sh", arguments_, { stdio: ["ignore", "pipe", "inherit"] }));
    const refusal = JSON.parse(lines.at(-1) ?? "");
    expect(refusal).toMatchObject({ code: "store_unavailable", hint: expect.stringContaining("committed") });
    const again = await createSqliteStore({ path });
    onTestFinished(() => again.close());
    const written = Number(lines.at(-2));
    expect(written).toBeGreaterThan(0);
    expect(await again.readJob("a")).toMatchObject({ attempt: written, lastSeq: written + 1 });
    expect(await again.readEvents("a", 0, 10_000)).toHaveLength(written + 1);
    await again.updateJob("a", () => ({ events: [note("there is room again")] }));
  });
});

/** Looks at what the rounds after `seen` left; the last that was told of is there, or one after it. */
async function checkRounds(store: Store, seen: number, told: number): Promise<number> {
  const job = await store.readJob("a");
  const rounds = job?.attempt ?? 0;
  expect(rounds - Math.max(told, seen)).toBeOneOf([0, 1]);
  expect(job).toMatchObject({ lastSeq: 1 + 3 * rounds, snapshot: { seq: 1 + 3 * rounds } });
  const events = await store.readEvents("a", 1 + 3 * seen, 1_000_000);
  const news = Array.from({ length: rounds - seen }, (_, index) => seen + index + 1);
  expect(events.map((event) => event.data.message)).toEqual(
    news.flatMap((round) => [1, 2, 3].map((part) => `${round}/${part}`)),
  );
  const results = await store.readTaskResults("a", "round", [...news, rounds + 1].map(String));
  expect([...results].map(([id, { value }]) => [id, value.length])).toEqual(
    news.map((round) => [`${round}`, round]),
  );
  return rounds;
}

/** Whether a text stands in any of the database's files. */
function holds(path: string, text: string): boolean {
  return ["", "-wal", "-shm"].some(
    (suffix) => existsSync(path + suffix) && readFileSync(path + suffix).includes(text),
  );
}

async function newPath(): Promise<string> {
  return join(await temporaryFolder(), "store.db");
}

async function storeWithJob(): Promise<{ path: string; store: Store }> {
  const path = await newPath();
  const store = await createSqliteStore({ path, pollMs: 5 });
  onTestFinished(() => store.close());
  await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
  return { path, store };
}

function start(way: string, path: string, word = ""): ChildProcess {
  const child = spawn(process.execPath, [program, way, path, word], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

function linesOf(child: ChildProcess): AsyncIterable<string> {
  if (child.stdout === null) throw new Error("The process has no output to read.");
  return createInterface({ input: child.stdout });
}

async function allLines(child: ChildProcess): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(child)) lines.push(line);
  return lines;
}

async function lastLine(child: ChildProcess): Promise<string> {
  return (await allLines(child)).at(-1) ?? "";
}

function note(message: string) {
  return { type: "log" as const, data: { level: "info" as const, code: "test", message } };
}
