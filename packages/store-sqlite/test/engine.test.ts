import { join } from "node:path";
import {
  type Agent,
  canonicalLog,
  comparableSummary,
  createMemoryStore,
  createUnifiedEngine,
  type JobEvent,
  type Store,
  submitOnce,
} from "@cmo/engine";
import { buildSpec, createFakeClock, seededRandom, testDigest } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { createSqliteStore } from "../src/sqlite-store.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const agent: Agent = {
  name: "counting",
  version: "1.0.0",
  plan: () => ["counting"],
  async run(_, context) {
    const stage = context.stage("counting");
    stage.start({ itemsTotal: 30 });
    const items = Array.from({ length: 30 }, (_, index) => ({ id: `${index}`, input: index }));
    let sum = 0;
    for await (const { value } of context.tasks("square", items, async function* (batch) {
      for (const { id, input } of batch) yield { id, value: input * input };
    })) {
      sum += value as number;
      stage.progress({ itemsProcessed: 1 + Math.floor(sum / 1_000), itemsTotal: 30 });
    }
    stage.complete({ counts: { sum } });
  },
};

describe("A campaign", () => {
  it("S13 is the same over the SQLite store as over the memory store, and can be watched from another connection", async () => {
    const path = join(await temporaryFolder(), "store.db");
    const clock = createFakeClock();
    const [sqlite, watcher] = [
      await createSqliteStore({ path, clock, pollMs: 5 }),
      await createSqliteStore({ path, clock, pollMs: 5 }),
    ];
    const inMemory = await campaign(createMemoryStore({ clock, random: seededRandom(1) }));
    const onDisk = await campaign(sqlite);
    expect(onDisk.log).toEqual(inMemory.log);
    expect(onDisk.summary).toEqual(inMemory.summary);

    const seen: JobEvent[] = [];
    const reader = createUnifiedEngine({ ...parts(), store: watcher });
    for await (const event of reader.watch(onDisk.jobId)) seen.push(event);
    expect(seen).toEqual(await sqlite.readEvents(onDisk.jobId, 0, 10_000));
    await sqlite.close();
    await watcher.close();

    function parts() {
      return { agent, clock, random: seededRandom(1), digest: testDigest };
    }

    async function campaign(store: Store) {
      const engine = createUnifiedEngine({ ...parts(), store });
      const summary = await clock.runUntil(engine.runInproc(buildSpec({ agent }), []));
      const jobId = summary.jobId ?? "";
      const log = canonicalLog(await store.readEvents(jobId, 0, 10_000));
      return { jobId, log, summary: comparableSummary(summary) };
    }
  });
});

describe("Submissions with a key", () => {
  it("S38 are one job, whichever process they come through, and after it was opened again", async () => {
    const path = join(await temporaryFolder(), "store.db");
    const clock = createFakeClock();
    const stores = await Promise.all([1, 2].map(() => createSqliteStore({ path, clock })));
    let ids = 0;
    const submit = (store: Store, request: string) => {
      ids += 1;
      const engine = createUnifiedEngine({
        agent,
        clock,
        random: seededRandom(1),
        digest: testDigest,
        store,
      });
      const key = { idempotencyKey: "twice", request, jobId: `job_${ids}`, digest: testDigest };
      return submitOnce(engine, buildSpec({ agent }), key);
    };
    const jobs = await Promise.all([...stores, ...stores].map((store) => submit(store, "the same")));
    for (const store of stores) await store.close();
    const reopened = await createSqliteStore({ path, clock });
    jobs.push(await submit(reopened, "the same"));
    expect(new Set(jobs.map(({ job }) => job.id)).size).toBe(1);
    expect(await reopened.listJobs({ limit: 9 })).toHaveLength(1);
    await expect(submit(reopened, "another")).rejects.toMatchObject({ code: "conflict" });
    await reopened.close();
  });
});
