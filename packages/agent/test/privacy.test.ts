import { createMemoryStore, type Store } from "@cmo/engine";
import { createFakeClock, seededRandom } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { createTestEngine, eventsOf, leadsOf, specOf } from "./campaign.ts";
import { createFakeSource, type FakePerson, type FakeRepository } from "./fake-source.ts";

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
    noteFirstSeen: (campaign, seen) => {
      written.push([...seen]);
      return store.noteFirstSeen(campaign, seen);
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
      if (whose === "the store's") await engine.store.addSuppressed(suppression.map(({ hash }) => hash));
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
      const leads = await leadsOf(engine, summary.jobId);
      expect(leads.map(({ login }) => login).sort()).toEqual(["ada", "silent"]);
    },
  );

  it("are kept out by a list that grew after their answer was stored", async () => {
    const { source, engine, suppression } = await open();
    const first = await engine.runInproc(specOf(config));
    expect(first.counts.drops.suppressed).toBeUndefined();
    await engine.store.addSuppressed(suppression.map(({ hash }) => hash));
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
