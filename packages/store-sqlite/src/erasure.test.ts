import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "@cmo/engine";
import { buildLead, buildNewJob, createFakeClock, queuedDraft, seededRandom } from "@cmo/engine/testing";
import Database from "libsql";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { createSqliteStore } from "./sqlite-store.ts";

// Whoever holds one of these has found the person. Each has a form that a file search finds in any spelling.
const person = {
  login: "canary-login",
  nodeId: "U_kgDOcanary-node",
  email: "canary-mail@works.example",
  name: "Canary-Name von Canary-Surname",
  bio: "canary-bio: ",
};

describe("An erase that is done", () => {
  it("S35 has left nothing of the person in the files, wherever it stood and whatever has become of it before", async () => {
    const { path, store } = await openStore();
    const random = seededRandom(7);
    await fill(store, random);
    expect(canariesIn(path).length).toBeGreaterThan(100);
    await erase(store);
    expect(await store.finishErasures()).toBe("done");
    expect(canariesIn(path)).toEqual([]);
    expect(await store.listErasures(9)).toMatchObject([{ scope: "person", state: "done" }]);
    const hand = new Database(path);
    expect(hand.prepare("PRAGMA integrity_check").raw().all([])).toEqual([["ok"]]);
    hand.close();
    // The others are there as before.
    expect(await store.countLeads("a", { search: "harmless" })).toBeGreaterThan(20);
  });

  it("has left nothing of a job either, nor of those who were seen, nor of notes", async () => {
    const { path, store } = await openStore();
    await fill(store, seededRandom(8));
    await store.eraseJobs(["a", "b"], "all");
    expect(await store.eraseExpired({ firstSeen: null, notes: null })).toBeGreaterThan(100);
    expect(await store.finishErasures()).toBe("done");
    expect(canariesIn(path)).toEqual([]);
  });
});

describe("Who looks for a person", () => {
  it("keeps nobody from finishing an erase, however slowly he reads", async () => {
    const { path, store } = await openStore();
    await fill(store, seededRandom(9));
    const looker = await createSqliteStore({ path });
    onTestFinished(() => looker.close());
    let seen = 0;
    for await (const _ of looker.findRows(["harmless"])) {
      seen += 1;
      if (seen !== 1) continue;
      await erase(store);
      expect(await store.finishErasures()).toBe("done");
      expect(canariesIn(path)).toEqual([]);
    }
    expect(seen).toBeGreaterThan(100);
  });
});

/** Long enough for the pages of long values, now and then. */
function longText(random: () => number, own: string): string {
  const length = random() < 0.2 ? 9_000 : random() < 0.5 ? 1_200 : 60;
  return `${own}${"canary-tail ".repeat(Math.ceil((length * random()) / 12))}`;
}

/** Rows with the person among those of others, written anew again and again, in no order. */
async function fill(store: Store, random: () => number): Promise<void> {
  for (const id of ["a", "b"]) await store.createJob(buildNewJob({ id }), [queuedDraft]);
  const number = (below: number) => Math.floor(random() * below);
  for (let round = 0; round < 60; round += 1) {
    const told = (own: string) =>
      random() < 0.3
        ? { ...person, bio: longText(random, person.bio), own }
        : { login: `harmless-${own}`, bio: "harmless ".repeat(number(150)) };
    const leads = Array.from({ length: 60 }, (_, index) => {
      const { login, bio, ...others } = told(`${round}-${index}`);
      return buildLead({
        rank: index + 1 + number(3) * 100,
        login: `${login}-${number(1_000)}`,
        bio,
        ...("email" in others ? { email: others.email, name: others.name, nodeId: others.nodeId } : {}),
      });
    });
    const key = () => `${number(10_000)}`;
    await store.updateJob(round % 3 === 0 ? "b" : "a", (job) => ({
      patch: {
        snapshot: {
          ...job.snapshot,
          progress: { ...job.snapshot.progress, currentItem: JSON.stringify(told("snapshot")) },
        },
      },
      events: [1, 2, 3].map((n) => ({
        type: "log",
        data: { level: "info", code: "test", message: JSON.stringify(told(`${n}`)) },
      })),
      taskResults: Array.from({ length: 40 }, () => ({
        kind: "people",
        itemId: random() < 0.2 ? `${person.nodeId}/${key()}` : key(),
        inputDigest: "d",
        value: JSON.stringify(told(key())),
        cacheKey: `key-${key()}`,
      })),
      clearLeads: random() < 0.3,
      leads,
      records: Array.from({ length: 60 }, () => ({
        collection: "people",
        key: `${random() < 0.2 ? person.nodeId : "U_harmless"}-${number(300)}`,
        value: random() < 0.1 ? null : JSON.stringify(told(key())),
      })),
      ...(random() < 0.2 ? { checkpoint: null } : { checkpoint: JSON.stringify([told("1"), told("2")]) }),
      notes: Array.from({ length: 20 }, () => ({
        key: `${random() < 0.3 ? person.login : "harmless"}:${number(100)}`,
        value: JSON.stringify(told(key())),
      })),
    }));
    await store.noteFirstSeen(
      "campaign",
      new Map(
        Array.from({ length: 20 }, () => [
          `${random() < 0.3 ? person.nodeId : "U_harmless"}-${key()}`,
          "2030-01-01T00:00:00.000Z",
        ]),
      ),
      1,
    );
  }
}

async function erase(store: Store): Promise<void> {
  await store.eraseRows(
    ["CANARY"],
    (row) => {
      if (row.table === "event" || row.table === "snapshot") {
        return { value: row.value.replace(/canary/gi, "gone") };
      }
      if (row.table === "task_result" && row.value.length % 2 === 0) {
        return { key: row.key.replace(/canary/gi, "~"), value: row.value.replace(/canary/gi, "gone") };
      }
      return null;
    },
    () => ({ checkpoint: null }),
  );
}

function canariesIn(path: string): string[] {
  return ["", "-wal", "-shm", "-journal"].flatMap((suffix) => {
    if (!existsSync(path + suffix)) return [];
    const content = readFileSync(path + suffix)
      .toString("latin1")
      .toLowerCase();
    return [...content.matchAll(/canary/g)].map(({ index }) => `${suffix} at ${index}`);
  });
}

async function openStore(): Promise<{ path: string; store: Store }> {
  const path = join(await temporaryFolder(), "store.db");
  const store = await createSqliteStore({ path, clock: createFakeClock() });
  onTestFinished(() => store.close());
  return { path, store };
}
