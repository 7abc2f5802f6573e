import { join } from "node:path";
import type { Store } from "@cmo/engine";
import { buildNewJob, queuedDraft } from "@cmo/engine/testing";
import { afterEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { createSqliteStore } from "./sqlite-store.ts";
import { createTemporaryStore } from "./temporary-store.ts";

const opened: Store[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});

/** Far more than fit between two turns. */
const most = 200_000;

describe.each([
  ["A store in a file", async () => createSqliteStore({ path: join(await temporaryFolder(), "store.db") })],
  ["A temporary store", () => createTemporaryStore()],
])("%s", (_, open) => {
  it.each([
    ["reads", (store: Store) => store.readJob("a")],
    ["writes", (store: Store) => store.updateJob("a", () => ({ patch: { priority: 1 } }))],
  ])("lets all else in the process go on while somebody only %s", async (_what, once) => {
    const store = await open();
    opened.push(store);
    await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    let others = 0;
    const timer = setInterval(() => {
      others += 1;
    }, 1);
    let done = 0;
    while (others < 3 && done < most) {
      await once(store);
      done += 1;
    }
    clearInterval(timer);
    expect(others).toBe(3);
  });

  it("gives who asks at the same time the same turn, and all of them their answers", async () => {
    const store = await open();
    opened.push(store);
    await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    const readers = Array.from({ length: 50 }, async () => {
      const found: (string | undefined)[] = [];
      for (let turn = 0; turn < 200; turn += 1) found.push((await store.readJob("a"))?.id);
      return found;
    });
    const found = (await Promise.all(readers)).flat();
    expect(found.length).toBe(10_000);
    expect(new Set(found)).toEqual(new Set(["a"]));
  });
});
