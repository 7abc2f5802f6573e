import { describe, expect, it } from "vitest";
import { threeStageAgent } from "../../test/support/three-stage-agent.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { buildNewJob } from "../testing/build-job.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { testDigest } from "../testing/test-digest.ts";
import { eraseEverything, eraseOlderThan, jobsOlderThan } from "./erase-jobs.ts";
import { firstSeenCampaign } from "./first-seen-campaign.ts";
import { staleFiles } from "./stale-files.ts";

const instant = "2030-01-01T00:00:00.000Z";

/** Two tenants with two jobs each, of which one has ended, with who was first seen in them and a file of each. */
async function open() {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock, random: seededRandom(1) });
  const start = clock.now();
  for (const tenant of ["acme", "local"]) {
    for (const [id, finishedAt] of Object.entries({ old: start - 9_000, young: null })) {
      const status = finishedAt === null ? "queued" : "completed";
      const jobId = `${tenant}_${id}`;
      await store.createJob(buildNewJob({ id: jobId, tenant, status, finishedAt }), []);
      await store.noteFiles([{ jobId, path: `/out/${jobId}.csv`, format: "leads_csv" }]);
    }
    await store.noteFirstSeen(firstSeenCampaign(tenant, "hiring"), new Map([["U_1", instant]]), start);
  }
  await store.updateJob("acme_young", () => ({ notes: [{ key: "note", value: "1" }] }));
  await clock.advance(1_000);

  return {
    store,
    parts: { store, clock, agent: threeStageAgent(), digest: testDigest },
    start,
    async left() {
      const seen: string[] = [];
      for (const tenant of ["acme", "local"]) {
        const found = await store.readFirstSeen(firstSeenCampaign(tenant, "hiring"), ["U_1"]);
        if (found.size > 0) seen.push(tenant);
      }
      const jobs = (await store.listJobs({ limit: 9 })).map(({ id }) => id);
      return { jobs, seen, notes: (await store.readNotes(["note"])).size };
    },
    stale: async () => (await staleFiles(store)).map(({ jobId }) => jobId),
  };
}

describe("The jobs of one tenant", () => {
  it("are found by age without those of another", async () => {
    const { parts, start } = await open();
    const idsOf = async (...given: [before: number, whose?: { tenant: string }]) =>
      (await jobsOlderThan(parts, ...given)).free.map(({ id }) => id);
    expect(await idsOf(start, { tenant: "acme" })).toEqual(["acme_old"]);
    expect(await idsOf(Number.POSITIVE_INFINITY, { tenant: "acme" })).toEqual(["acme_young", "acme_old"]);
    expect(await idsOf(start)).toEqual(["local_old", "acme_old"]);
  });

  it("S35 go by age, with who was first seen in them; notes are nobody's, and stay", async () => {
    const { parts, start, left, stale } = await open();
    const erasure = await eraseOlderThan(parts, start + 500, { tenant: "acme" });
    expect(erasure).toEqual({ jobs: ["acme_young", "acme_old"], held: [], state: "done" });
    expect(await left()).toEqual({ jobs: ["local_young", "local_old"], seen: ["local"], notes: 1 });
    expect(await stale()).toEqual(["acme_young", "acme_old"]);
    await eraseOlderThan(parts, start + 500);
    expect(await left()).toEqual({ jobs: [], seen: [], notes: 0 });
  });

  it("S35 all go, and nothing of another tenant does", async () => {
    const { parts, store, left, stale } = await open();
    expect(await eraseEverything(parts, { tenant: "local" })).toMatchObject({
      jobs: ["local_young", "local_old"],
    });
    expect(await left()).toEqual({ jobs: ["acme_young", "acme_old"], seen: ["acme"], notes: 1 });
    expect(await stale()).toEqual(["local_young", "local_old"]);
    // The ledger does not say that everything was erased.
    expect(await store.listErasures(1)).toMatchObject([{ scope: "job" }]);
    await eraseEverything(parts);
    expect(await left()).toEqual({ jobs: [], seen: [], notes: 0 });
    expect(await store.listErasures(1)).toMatchObject([{ scope: "all" }]);
  });
});
