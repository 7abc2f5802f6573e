import { describe, expect, it } from "vitest";
import type { Agent, AgentPeople } from "../port/agent.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { buildNewJob, queuedDraft } from "../testing/build-job.ts";
import { buildLead } from "../testing/build-lead.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { testDigest } from "../testing/test-digest.ts";
import { erasePerson } from "./erase-person.ts";
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
  async function put(id: string, cards: Card[], patch: object = {}) {
    await store.createJob(buildNewJob({ id }), [queuedDraft]);
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

  it("needs an agent that can tell what its results say of whom", async () => {
    const { parts } = open();
    const { people: _people, ...mute } = agent;
    await expect(erasePerson({ ...parts, agent: mute }, "ada")).rejects.toMatchObject({ code: "usage" });
  });
});
