import { describe, expect, it } from "vitest";
import type { Agent, AgentPeople } from "../port/agent.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { buildNewJob, queuedDraft } from "../testing/build-job.ts";
import { buildLead } from "../testing/build-lead.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { testDigest } from "../testing/test-digest.ts";
import { erasePerson } from "./erase-person.ts";
import { firstSeenCampaign } from "./first-seen-campaign.ts";
import { showPerson } from "./show-person.ts";
import { staleFiles } from "./stale-files.ts";

interface Card {
  readonly id: string;
  readonly login: string;
}

/** Results of an agent that hold a list of cards. */
const people: AgentPeople = {
  peopleIn: ({ value }) => (value as Card[]).map((card) => ({ ...card, email: null })),
  about({ value }, { ids }) {
    const cards = (value as Card[]).filter(({ id }) => ids.includes(id));
    return cards.length === 0 ? null : cards;
  },
  belongingsIn: () => [],
  without(result, { ids }) {
    const cards = (result.value as Card[]).filter(({ id }) => !ids.includes(id));
    return cards.length === (result.value as Card[]).length ? result : { ...result, value: cards };
  },
};
const agent: Agent = { name: "test", version: "1", plan: () => [], run: async () => {}, people };

function open() {
  const clock = createFakeClock();
  const store = createMemoryStore({ clock, random: seededRandom(1) });
  const parts = { store, agent, clock, digest: testDigest };
  async function put(id: string, cards: Card[], patch: object = {}, tenant = "local") {
    await store.createJob(buildNewJob({ id, tenant }), [queuedDraft]);
    await store.updateJob(id, () => ({
      patch,
      taskResults: [{ kind: "cards", itemId: "1", inputDigest: "0", value: JSON.stringify(cards) }],
      checkpoint: "{}",
      leads: cards.map(({ id: nodeId, login }, index) => ({
        ...buildLead({ rank: index + 1, login }),
        nodeId,
      })),
    }));
  }
  return { ...parts, put, parts };
}

describe("erasePerson", () => {
  it("S35 follows renamed accounts through all jobs, by id or login, and joins nobody else", async () => {
    const { parts, put, store } = open();
    await put("job_1", [
      { id: "U_1", login: "old-name" },
      { id: "U_2", login: "old" },
    ]);
    await put("job_2", [
      { id: "U_1", login: "New-Name" },
      { id: "U_3", login: "new" },
    ]);
    const { identity } = await showPerson(parts, "id:U_1");
    expect(identity.logins).toEqual(expect.arrayContaining(["old-name", "new-name"]));
    expect(await erasePerson(parts, "new-name")).toMatchObject({
      found: true,
      identity: { ids: ["U_1"] },
      jobs: ["job_1", "job_2"],
      state: "done",
    });
    expect((await store.readTaskResults("job_1", "cards", ["1"])).get("1")?.value).toBe(
      JSON.stringify([{ id: "U_2", login: "old" }]),
    );
    expect((await store.readLeads("job_2", { limit: 10 })).map(({ login }) => login)).toEqual(["new"]);
    expect((await showPerson(parts, "id:U_1")).suppressedBy).toEqual([{ kind: "id", value: "U_1" }]);
    expect((await staleFiles(store)).map(({ jobId }) => jobId).sort()).toEqual(["job_1", "job_2"]);
  });

  it("sends away whoever works on a job, keeps what control asked for, and leaves jobs that have ended", async () => {
    const { parts, put, store, clock } = open();
    const held = {
      status: "running",
      startedAt: 1,
      epoch: 4,
      leaseOwner: "w",
      leaseUntil: clock.now() + 9_000,
    };
    await put("job_running", [{ id: "U_1", login: "ada" }], held);
    await put("job_pausing", [], { ...held, desired: "paused" });
    await put("job_cancelling", [], { ...held, desired: "cancelled" });
    await put("job_paused", [], { status: "paused" });
    await put("job_done", [{ id: "U_1", login: "ada" }], { status: "completed" });
    expect((await erasePerson(parts, "ada")).jobs).toEqual(["job_running", "job_done"]);
    const free = { leaseOwner: null, leaseUntil: null };
    expect(await store.readJob("job_running")).toMatchObject({ status: "queued", epoch: 4, ...free });
    expect(await store.readJob("job_pausing")).toMatchObject({ status: "paused", desired: null, ...free });
    expect(await store.readJob("job_cancelling")).toMatchObject({
      status: "queued",
      desired: "cancelled",
      ...free,
    });
    for (const jobId of ["job_running", "job_pausing", "job_cancelling", "job_paused"]) {
      expect(await store.readCheckpoint(jobId)).toBeNull();
    }
    expect(await store.readJob("job_done")).toMatchObject({ status: "completed" });
    expect(await store.listErasures(5)).toMatchObject([{ scope: "person", state: "done" }]);
  });

  describe("of one tenant", () => {
    const ada = { id: "U_1", login: "ada" };
    const instant = "2030-01-01T00:00:00.000Z";
    const seenBy = (tenant: string) => firstSeenCampaign(tenant, "hiring");

    /** Two tenants that know the same person, one of them under another login too, and a note that nobody owns. */
    async function openShared() {
      const opened = open();
      const { put, store, clock } = opened;
      const held = { status: "running", startedAt: 1, leaseOwner: "w", leaseUntil: clock.now() + 9_000 };
      await put("ours", [ada], held, "acme");
      await put("ours_done", [ada], { status: "completed" }, "acme");
      await put("theirs", [{ id: "U_1", login: "ada-at-home" }, ada], held, "other");
      await store.updateJob("theirs", () => ({ notes: [{ key: "etag ada", value: "1" }] }));
      for (const tenant of ["acme", "other"]) {
        await store.noteFirstSeen(seenBy(tenant), new Map([["U_1", instant]]), 9e15);
      }
      for (const jobId of ["ours", "theirs"]) {
        await store.noteFiles([{ jobId, path: `/out/${jobId}.csv`, format: "leads_csv" }]);
      }
      return opened;
    }

    it("S35 is reported with nothing of another's, and nothing of what is nobody's", async () => {
      const { parts } = await openShared();
      const report = await showPerson(parts, "ada", { tenant: "acme" });
      expect(report.identity).toMatchObject({ ids: ["U_1"], logins: ["ada"] });
      expect(report.records.map(({ table, jobId, kind }) => [table, jobId, kind])).toEqual([
        ["task_result", "ours", "cards"],
        ["lead", "ours", ""],
        ["task_result", "ours_done", "cards"],
        ["lead", "ours_done", ""],
        ["first_seen", null, "hiring"],
      ]);
      expect(report.records.at(-1)?.about).toEqual({ firstSeenAt: instant, campaign: "hiring" });
      expect(report.files.map(({ jobId }) => jobId)).toEqual(["ours"]);
      expect(JSON.stringify(report)).not.toMatch(/theirs|other|at-home|etag/);
      expect((await showPerson(parts, "ada-at-home", { tenant: "acme" })).records).toEqual([]);
      expect((await showPerson(parts, "ada", { tenant: "nobody" })).records).toEqual([]);
      expect((await showPerson(parts, "ada")).records).toHaveLength(9);
    });

    it("S35 leaves what belongs to another as it is, and lets their workers work on", async () => {
      const { parts, store } = await openShared();
      const before = await showPerson(parts, "ada", { tenant: "other" });
      const job = await store.readJob("theirs");
      const erasure = await erasePerson(parts, "ada", { tenant: "acme", suppress: false });
      expect(erasure).toMatchObject({ found: true, rows: 5, jobs: ["ours", "ours_done"] });
      expect((await showPerson(parts, "ada", { tenant: "acme" })).records).toEqual([]);
      expect(await store.readJob("ours")).toMatchObject({ status: "queued", leaseOwner: null });
      expect(await store.readCheckpoint("ours")).toBeNull();

      expect(await showPerson(parts, "ada", { tenant: "other" })).toEqual(before);
      expect(await store.readJob("theirs")).toEqual(job);
      expect(await store.readCheckpoint("theirs")).toBe("{}");
      expect((await staleFiles(store)).map(({ jobId }) => jobId)).toEqual(["ours", "ours_done"]);
      expect((await store.readNotes(["etag ada"])).size).toBe(0);
    });

    it("S35 cleans notes, and says nothing of them, though the tenant holds nothing itself", async () => {
      const { parts, store } = await openShared();
      expect(await erasePerson(parts, "ada", { tenant: "nobody" })).toMatchObject({
        found: false,
        rows: 0,
        jobs: [],
        identity: { ids: [], logins: ["ada"] },
      });
      expect((await store.readNotes(["etag ada"])).size).toBe(0);
      expect((await showPerson(parts, "ada")).records).toHaveLength(8);
      // The suppression list is everybody's.
      expect((await showPerson(parts, "ada", { tenant: "other" })).suppressedBy).toHaveLength(1);
    });
  });

  it("needs an agent that can tell what its results say of whom", async () => {
    const { parts } = open();
    const { people: _people, ...mute } = agent;
    await expect(erasePerson({ ...parts, agent: mute }, "ada")).rejects.toMatchObject({ code: "usage" });
  });
});
