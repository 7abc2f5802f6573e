import { createMemoryStore, type Store } from "@cmo/engine";
import { createFakeClock, seededRandom } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { createTestEngine, eventsOf, leadsOf, specOf } from "./campaign.ts";
import { createFakeSource, type FakePerson, type FakeRepository } from "./fake-source.ts";
import { createFakeWorld } from "./fake-world.ts";
import { watchedStore } from "./watched-store.ts";

const canary = (name: string) => `CANARY-${name}`;

function personOf(login: string, email: string | null, more: Partial<FakePerson> = {}): FakePerson {
  return {
    id: `U_${login}`,
    login,
    email,
    name: canary(`name-${login}`),
    bio: canary(`bio-${login}`),
    company: canary(`company-${login}`),
    location: canary(`location-${login}`),
    ...more,
  };
}

const people = [
  personOf("ada", "ada@mail.example"),
  personOf("bylogin", "bylogin@mail.example"),
  personOf("byid", "byid@mail.example"),
  personOf("byaddress", "ByAddress@mail.example"),
  personOf("bydomain", "bydomain@sub.blocked.example"),
  personOf("unwilling", "unwilling@mail.example", { bio: "Please don’t contact me." }),
  personOf("unwilling2", null, { status: "no recruiters" }),
  personOf("silent", null),
];
const repositories: FakeRepository[] = people.map(({ id }, index) => ({
  id: `R_${index}`,
  commits: [{ person: id, count: 5 + index }],
}));

/** Everything that a memory store holds, as text. */
function recordingStore(clock: { now(): number }) {
  const store = createMemoryStore({ clock, random: seededRandom(1) });
  const written: unknown[] = [];
  const recording: Store = {
    ...store,
    updateJob: (jobId, decide) =>
      store.updateJob(jobId, (job, now) => {
        const change = decide(job, now);
        written.push(change);
        return change;
      }),
    noteFirstSeen: (campaign, seen, keepUntil) => {
      written.push([...seen]);
      return store.noteFirstSeen(campaign, seen, keepUntil);
    },
  };
  return { store: recording, text: () => JSON.stringify(written) };
}

const config = { params: { stars_range: ">=1", target_leads: 50 }, limits: { people_per_repo: 5 } };

async function open() {
  const clock = createFakeClock({ auto: true });
  const source = createFakeSource({ repositories, people });
  const { store, text } = recordingStore(clock);
  const engine = createTestEngine({ source, clock, store });
  const suppression = await engine.hashSuppression([
    { kind: "login", value: "ByLogin" },
    { kind: "id", value: "U_byid" },
    { kind: "email", value: "byaddress@MAIL.example" },
    { kind: "domain", value: "blocked.example" },
  ]);
  return { clock, source, engine, text, suppression };
}

describe("S31 people on a suppression list", () => {
  it.each(["the campaign's", "the store's"])(
    "are never asked for, or dropped on the answer: %s",
    async (whose) => {
      const { source, engine, text, suppression } = await open();
      if (whose === "the store's") await engine.store.addSuppressed(suppression);
      const spec = specOf(config, whose === "the store's" ? [] : suppression);
      const summary = await engine.runInproc(spec);
      expect(summary.status).toBe("completed");
      const asked = source.requests.filter(({ kind }) => kind === "people").flatMap(({ ids }) => ids);
      expect(asked).not.toContain("U_bylogin");
      expect(asked).not.toContain("U_byid");
      expect(asked).toContain("U_byaddress");
      expect(summary.counts.drops.suppressed).toBe(4);
      for (const login of ["bylogin", "byid", "byaddress", "bydomain"]) {
        for (const part of ["name", "bio", "company", "location"]) {
          expect(text()).not.toContain(canary(`${part}-${login}`));
        }
      }
      expect(text().toLowerCase()).not.toMatch(/byaddress@|bydomain@|bylogin@|byid@|blocked\.example/);
      expect(text()).toContain(canary("bio-ada"));
      // Known before anything is stored of a history they are in, these two are nowhere.
      expect(text()).toContain("U_byaddress");
      expect(text()).not.toMatch(/U_bylogin|U_byid|"bylogin"|"byid"/);
      const leads = await leadsOf(engine, summary.jobId);
      expect(leads.map(({ login }) => login).sort()).toEqual(["ada", "silent"]);
    },
  );

  it("are counted where they stand, as everybody is", async () => {
    const crowded = repositories.map((one, index) => ({
      ...one,
      commits: people.map(({ id }, place) => ({ person: id, count: 1 + ((index + place) % people.length) })),
    }));
    const counts = async (isSuppressed: boolean, isMachine = false) => {
      const clock = createFakeClock({ auto: true });
      const renamed = people.map((one) =>
        isMachine && one.login === "byid" ? { ...one, login: "byid-bot" } : one,
      );
      const source = createFakeSource({ repositories: crowded, people: renamed });
      const engine = createTestEngine({ source, clock });
      const hashes = await engine.hashSuppression([
        { kind: "login", value: "bylogin" },
        { kind: "id", value: "U_byid" },
      ]);
      const limits = { people_per_repo: 2 };
      const summary = await engine.runInproc(specOf({ ...config, limits }, isSuppressed ? hashes : []));
      return summary.counts;
    };
    for (const isMachine of [false, true]) {
      const calm = await counts(false, isMachine);
      const { candidates, profiles, reposOpened, drops } = await counts(true, isMachine);
      const suppressed = isMachine ? 1 : 2;
      expect({ candidates, profiles, reposOpened }).toEqual({
        candidates: calm.candidates,
        profiles: (calm.profiles ?? 0) - suppressed,
        reposOpened: calm.reposOpened,
      });
      expect(drops.suppressed).toBe(suppressed);
      expect(drops.bot).toBe(calm.drops.bot);
      expect(drops.over_people_per_repo).toBe(calm.drops.over_people_per_repo);
    }
  });

  it("are left out of the leads when they were put on the list after they had been judged", async () => {
    const { engine, suppression } = await open();
    let isListed = false;
    const lateStore: Store = {
      ...engine.store,
      updateJob: async (jobId, decide) => {
        const written = await engine.store.updateJob(jobId, decide);
        const { stages } = written.job.snapshot.progress;
        if (!isListed && stages.some(({ id, state }) => id === "scoring" && state === "done")) {
          isListed = true;
          await engine.store.addSuppressed(suppression);
        }
        return written;
      },
    };
    const source = createFakeSource({ repositories, people });
    const late = createTestEngine({ source, clock: createFakeClock({ auto: true }), store: lateStore });
    const summary = await late.runInproc(specOf(config));
    expect(isListed).toBe(true);
    expect(summary.counts.drops.suppressed).toBe(4);
    const stored = await engine.store.readLeads(summary.jobId ?? "", { limit: 100 });
    expect(stored.map(({ rank, login }) => [rank, login])).toEqual([
      [1, "ada"],
      [2, "silent"],
    ]);
    expect(summary.counts.leads).toBe(2);
  });

  it("are measured out of the files when they were put on the list while these were made", async () => {
    const { engine, suppression } = await open();
    let reads = 0;
    const lateStore: Store = {
      ...engine.store,
      readLeads: async (jobId, filter) => {
        reads += 1;
        if (reads === 1) await engine.store.addSuppressed(suppression);
        return engine.store.readLeads(jobId, filter);
      },
    };
    const source = createFakeSource({ repositories, people });
    const late = createTestEngine({ source, clock: createFakeClock({ auto: true }), store: lateStore });
    const summary = await late.runInproc(specOf(config));
    expect(summary.status).toBe("completed");
    expect(summary.counts).toMatchObject({ leads: 2, drops: { suppressed: 4 } });
    expect(summary.artifacts.map(({ rows }) => rows)).toEqual([2]);
  });

  it("are asked about together, not one by one", async () => {
    const world = createFakeWorld({ seed: 2, repositories: 150, people: 400 });
    const clock = createFakeClock({ auto: true });
    const memory = createMemoryStore({ clock, random: seededRandom(1) });
    const { store, watch } = watchedStore(memory);
    const source = createFakeSource(world, { batchSize: () => 50 });
    const engine = createTestEngine({ source, clock, store });
    const spec = specOf({ params: { target_leads: 500 } });
    const { jobId, counts } = await engine.runInproc(spec);
    expect(counts.candidates).toBeGreaterThan(200);
    const requests = source.requests.length;
    // For each answer of the source, each page of candidates, and each page of leads that is written or read.
    expect(watch.suppressionCalls).toBeLessThan(2 * requests + 20);
    // Whoever reads stored answers asks once for each page.
    watch.suppressionCalls = 0;
    await memory.updateJob(jobId ?? "", () => ({ patch: { status: "failed" } }));
    const { id } = await engine.retry(jobId ?? "");
    await engine.attend(id);
    expect(source.requests.length).toBe(requests);
    expect(watch.suppressionCalls).toBeLessThan(20);
  });

  it("are kept out by a list that grew after their answer was stored", async () => {
    const { source, engine, suppression } = await open();
    const first = await engine.runInproc(specOf(config));
    expect(first.counts.drops.suppressed).toBeUndefined();
    await engine.store.addSuppressed(suppression);
    const logins = async (jobId: string) => (await leadsOf(engine, jobId)).map(({ login }) => login).sort();
    expect(await logins(first.jobId ?? "")).toEqual(["ada", "silent"]);
    expect(source.running()).toBe(0);
  });
});

describe("people who ask not to be contacted", () => {
  it("are counted and never exported", async () => {
    const { engine } = await open();
    const summary = await engine.runInproc(specOf(config));
    const leads = await leadsOf(engine, summary.jobId);
    expect(leads.map(({ login }) => login)).not.toContain("unwilling");
    expect(leads.map(({ login }) => login)).not.toContain("unwilling2");
    expect(summary.counts.drops.profile_opt_out).toBe(2);
    expect(JSON.stringify(summary)).not.toMatch(/unwilling/);
  });
});

describe("the canonical events", () => {
  it("hold nothing about a person", async () => {
    const { engine } = await open();
    const summary = await engine.runInproc(specOf(config));
    const text = JSON.stringify(await eventsOf(engine.store, summary.jobId ?? ""));
    for (const { login, id, email } of people) {
      expect(text).not.toContain(`"${login}"`);
      expect(text).not.toContain(id);
      if (email != null) expect(text.toLowerCase()).not.toContain(email.toLowerCase());
    }
    expect(text).not.toContain("CANARY");
  });
});
