import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type PostgresServer, startPostgres } from "@cmo/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CampaignPlace, eventsOf, openCampaignPlace } from "./support/campaign-place.ts";
import { expectGapless, outcomeOf, undisturbed } from "./support/outcome.ts";

let server: PostgresServer;
let place: CampaignPlace;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  place = await openCampaignPlace({ leaseMs: 2_000, repositories: 2_000, targetLeads: 250 });
});
afterEach(async () => {
  await place.close();
});

const copy = (...args: readonly string[]) => place.run(["store", "copy", ...args]);

/** A worker of a store, for as long as `work` runs; it is ended as its machine would be. */
async function beside(store: string, work: (said: (text: string) => Promise<string>) => Promise<void>) {
  const worker = place.start(["worker", "--store", store]);
  await worker.said("at once");
  try {
    await work(worker.said);
  } finally {
    worker.child.kill("SIGTERM");
    await worker.ended;
  }
}

describe("cmo store copy", () => {
  it("S17 S04 moves a campaign that a worker is in the middle of to a database and on to another file: one id, one log, the outcome of a run that nobody disturbed", async () => {
    const [first, last] = [place.env.CMO_STORE ?? "", join(place.cwd, "last.db")];
    const database = server.url;
    let waiting = place.hold(6);
    const running = place.start(["run", "--config", "small.yaml", "--output", "json"]);
    const jobId = await place.newestJob();
    await waiting;
    const refused = await copy(first, database);
    expect(refused).toMatchObject({ code: 4, stdout: "", stderr: expect.stringContaining("(running)") });

    // Workers wait for jobs in the stores that it goes to, all the while.
    await beside(database, async (said) => {
      const gone = await copy(first, database, "--pause");
      expect(gone).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`In the queue there: ${jobId}.`),
      });
      expect((await running.ended).code).toBe(130);
      place.release();
      waiting = place.hold(4);
      await said(`${jobId} goes on`);
      await waiting;
      const resumed = await place.run(["resume", jobId]);
      expect(resumed).toMatchObject({
        code: 4,
        stderr: expect.stringContaining(`Job ${jobId} was moved to postgres://`),
      });
      expect(resumed.stderr + gone.stdout + gone.stderr).not.toContain("cmo:cmo@");
      expect((await place.run(["run", "--resume", jobId])).code).toBe(4);

      await beside(last, async (saidLast) => {
        const report = await copy(database, last, "--pause", "--output", "json");
        expect(report.code).toBe(0);
        expect(JSON.parse(report.stdout)).toMatchObject({
          resumed: [jobId],
          jobs: [{ id: jobId, status: "queued" }],
        });
        place.release();
        await saidLast(`${jobId} is completed`);
      });
    });
    const exported = await place.run(["export", jobId, "--store", last]);
    expect(exported.code).toBe(0);
    const log = await place.run(["watch", jobId, "--store", last, "--output", "json"]);
    const events = eventsOf(log.stdout);
    expectGapless(events);
    expect(events.filter(({ type }) => type === "job.paused")).toHaveLength(2);
    expect(new Set(events.map((event) => event.jobId))).toEqual(new Set([jobId]));
    // What had happened before is in each store to the byte.
    const before = await place.engine.store.readEvents(jobId, 0, 100_000);
    expect(events.slice(0, before.length)).toEqual(before);

    const moved = await outcomeOf({ ...place, events: async () => events }, jobId);
    const reference = await undisturbed(place, jobId);
    expect(moved).toEqual(reference.outcome);
  });

  it("says how much it is before and after, is run twice without harm, and shows whoever is suppressed", async () => {
    const target = join(place.cwd, "other.db");
    await place.run(["suppress", "add", "octo-example"]);
    await place.run(["run", "--config", "small.yaml", "--output", "silent"]);
    const jobId = await place.newestJob();
    const fromHere = place.env.CMO_STORE ?? "";
    const dry = await copy(fromHere, target, "--dry-run", "--output", "json");
    expect(JSON.parse(dry.stdout)).toMatchObject({
      dryRun: true,
      jobs: [{ id: jobId, status: "completed" }],
    });
    const done = await copy(fromHere, target);
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining("read back") });
    const again = await copy(fromHere, target);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("1 job there already") });
    const [here, there] = await Promise.all(
      [fromHere, target].map((store) => place.run(["leads", jobId, "--format", "json", "--store", store])),
    );
    expect(there?.stdout).toBe(here?.stdout);
    expect((await place.run(["suppress", "check", "octo-example", "--store", target])).stdout).toBe(
      (await place.run(["suppress", "check", "octo-example"])).stdout,
    );
  });

  it("refuses what cannot be right, and never shows a password", async () => {
    const here = place.env.CMO_STORE ?? "";
    const wrong = join(place.cwd, "notes.db");
    await writeFile(
      wrong,
      "These are notes, and no database of anybody, long enough to be looked at.\n".repeat(99),
    );
    const { port } = new URL(server.url);
    const cases: readonly (readonly [from: string, to: string, code: number, said: string])[] = [
      ["memory", here, 2, "A store in memory keeps nothing"],
      [here, "memory", 2, "A store in memory keeps nothing"],
      [here, here, 2, "are the same store"],
      [join(place.cwd, "none.db"), here, 4, "There is no store at"],
      [here, wrong, 1, "is damaged, or no database"],
      [here, "mysql://cmo:geheim@127.0.0.1/cmo", 2, "is not in this version"],
      [here, `postgres://cmo:geheim@127.0.0.1:${port}/nowhere`, 1, "store"],
      [here, "postgres://cmo:geheim@127.0.0.1:1/cmo", 1, "cannot be reached"],
    ];
    for (const [from, to, code, said] of cases) {
      const result = await copy(from, to);
      expect(result, `${from} ${to}`).toMatchObject({ code, stdout: "" });
      expect(result.stderr).toContain(said);
      expect(result.stderr).not.toContain("geheim");
    }
    expect(existsSync(join(place.cwd, "none.db"))).toBe(false);
    expect((await copy(here)).code).toBe(2);
  });
});
