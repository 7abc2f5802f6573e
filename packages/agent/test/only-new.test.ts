import { createMemoryStore, type Engine, erasePerson, type JobSpec, type RunSummary } from "@cmo/engine";
import { createFakeClock, seededRandom, testDigest } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { createTestAgent, createTestEngine, eventsOf, leadsOf, outcomeOf, specOf } from "./campaign.ts";
import { createFakeSource, type FakePerson, type FakeWorld } from "./fake-source.ts";
import { createMortality, mortalStore } from "./mortal.ts";
import { work } from "./work.ts";

/** Somebody in a repository of their own; the more commits, the better they rank. */
type Somebody = Partial<FakePerson> & { readonly commits?: number };

function worldOf(people: Readonly<Record<string, Somebody>>): FakeWorld {
  const all = Object.entries(people).map(([name, { commits = 5, ...more }], index) => ({
    id: `R_${index}`,
    commits,
    person: { id: `U_${name}`, login: name, email: `${name}@mail.example`, company: "Acme", ...more },
  }));
  return {
    people: all.map(({ person }) => person),
    repositories: all.map(({ id, commits, person }) => ({
      id,
      commits: [{ person: person.id, count: commits }],
    })),
  };
}

const everybody = { params: { stars_range: ">=1", target_leads: 500 } };
const onlyNew = { ...everybody, only_new: true };
const wanting = (count: number, more: object = {}) => ({
  ...more,
  params: { stars_range: ">=1", target_leads: count },
});

/** A store in whose time each run takes a second, and runs over worlds of its own. */
function openPlace() {
  const clock = createFakeClock({ auto: true });
  const store = createMemoryStore({ clock, random: seededRandom(1) });
  const random = seededRandom(9);
  const engineOver = (world: FakeWorld, over = store) =>
    createTestEngine({ source: createFakeSource(world), clock, store: over, random });

  async function run(world: FakeWorld, spec: JobSpec, tenant = "local") {
    await clock.advance(1_000);
    const engine = engineOver(world);
    const summary = await engine.runInproc(spec, [], { tenant });
    return toldOf(engine, summary);
  }

  /** A run whose source fails when it has told of so many people. */
  async function failing(world: FakeWorld, answered: number) {
    await clock.advance(1_000);
    let asked = 0;
    const source = createFakeSource(world, {
      batchSize: () => 1,
      concurrency: 1,
      before: (kind) => {
        if (kind === "people" && asked++ === answered) throw new Error("Out of order.");
      },
    });
    const engine = createTestEngine({ source, clock, store, random });
    return toldOf(engine, await engine.runInproc(specOf({ ...onlyNew, retries: { max_attempts: 1 } })));
  }
  return { clock, store, engineOver, run, failing };
}

async function toldOf(engine: Engine, summary: RunSummary) {
  const leads = await leadsOf(engine, summary.jobId);
  const { jobId, startedAt, counts, onlyNew: known } = summary;
  return {
    jobId: jobId ?? "",
    summary,
    startedAt,
    known,
    drops: counts.drops,
    exported: leads.filter(({ contactable }) => contactable).map(({ login }) => login),
    listed: leads.map(({ login }) => login),
    firstSeen: Object.fromEntries(leads.map(({ login, firstSeenAt }) => [login, firstSeenAt])),
  };
}

describe("A campaign that asks for who is new", () => {
  it("exports in each run whom none before exported, over chains of runs", async () => {
    const { run } = openPlace();
    const two = worldOf({ ada: {}, bob: {} });
    const three = worldOf({ ada: {}, bob: {}, cleo: {} });
    const first = await run(two, specOf(onlyNew));
    expect(first).toMatchObject({ exported: ["ada", "bob"], known: { baselineJobId: null, known: 0 } });
    expect(first.summary.warnings.map(({ code }) => code)).toContain("data.no_baseline");
    const second = await run(three, specOf(onlyNew));
    expect(second).toMatchObject({ exported: ["cleo"], listed: ["cleo"], drops: { known: 2 } });
    expect(second.known).toEqual({ baselineJobId: first.jobId, known: 2, compared: 2, changed: 0 });
    expect(second.summary.warnings.map(({ code }) => code)).not.toContain("data.no_baseline");
    const third = await run(three, specOf(onlyNew));
    expect(third).toMatchObject({ exported: [], listed: [], drops: { known: 3 } });
    // Whom the last run left behind as known can be compared with what it was told of them.
    expect(third.known).toEqual({ baselineJobId: second.jobId, known: 3, compared: 3, changed: 0 });
  });

  it("counts from runs that did not ask for it, and these export everybody", async () => {
    const { run } = openPlace();
    const world = worldOf({ ada: {}, bob: {} });
    await run(world, specOf(wanting(1)));
    expect((await run(world, specOf(onlyNew))).exported).toHaveLength(1);
    const all = await run(world, specOf(everybody));
    expect(all.exported).toHaveLength(2);
    expect(all.known).toBe(undefined);
  });

  it("takes whoever was found and never exported for new: beyond the target, or not contactable then", async () => {
    const { run } = openPlace();
    const before = worldOf({ ada: { commits: 90 }, bob: { commits: 1 }, mute: { email: null } });
    const first = await run(before, specOf(wanting(1)));
    expect(first).toMatchObject({ exported: ["ada"], listed: ["ada", "mute"], drops: { over_target: 1 } });
    const after = worldOf({ ada: { commits: 90 }, bob: { commits: 1 }, mute: {} });
    const second = await run(after, specOf(onlyNew));
    expect(new Set(second.exported)).toEqual(new Set(["bob", "mute"]));
    // They are new: it is this run that saw them first, and every later one says so.
    expect(second.firstSeen).toEqual({ bob: second.startedAt, mute: second.startedAt });
    const third = await run(after, specOf(everybody));
    expect(third.firstSeen).toEqual({ ada: first.startedAt, bob: second.startedAt, mute: second.startedAt });
  });

  it("counts the target in people who are new, best first, and goes on until it has them", async () => {
    const { run } = openPlace();
    const people = Object.fromEntries(
      Array.from({ length: 120 }, (_, index) => [`p${index}`, { commits: 1 + (index % 40) }]),
    );
    const world = worldOf(people);
    const first = await run(world, specOf(wanting(20)));
    const second = await run(world, specOf(wanting(60, { only_new: true })));
    expect(first.exported).toHaveLength(20);
    expect(second.exported).toHaveLength(60);
    expect(second.exported.filter((login) => first.exported.includes(login))).toEqual([]);
    expect(second.summary).toMatchObject({ targetMet: true, targetLeads: 60 });
    const third = await run(world, specOf(wanting(60, { only_new: true })));
    expect(third.exported).toHaveLength(40);
    expect(third.drops).toMatchObject({ known: 80 });
    expect(third.summary).toMatchObject({ targetMet: false });
    expect(third.summary.warnings.map(({ code }) => code)).toContain("data.target_not_met");
  });

  it("knows somebody under another login, and tells which known people changed, by their profiles", async () => {
    const { run, store } = openPlace();
    const first = await run(worldOf({ ada: {}, bob: {}, cleo: {} }), specOf(onlyNew));
    const renamed = worldOf({
      ada: { login: "ada-byron" },
      bob: { company: "Elsewhere", followers: 900 },
      cleo: { followers: 3 },
    });
    const second = await run(renamed, specOf(onlyNew));
    expect(second).toMatchObject({ exported: [], drops: { known: 3 } });
    expect(second.known).toEqual({ baselineJobId: first.jobId, known: 3, compared: 3, changed: 2 });
    const answers = await store.readTaskResults(second.jobId, "known", ["U_ada", "U_bob", "U_cleo"]);
    const changed = [...answers].map(([id, { value }]) => [id, JSON.parse(value).changed]);
    expect(Object.fromEntries(changed)).toEqual({ U_ada: ["login"], U_bob: ["company"], U_cleo: [] });
    const events = JSON.stringify(await eventsOf(store, second.jobId));
    for (const text of ["ada", "bob", "cleo", "U_", "Elsewhere"]) expect(events).not.toContain(text);
  });

  it("lists nobody known who can no longer be contacted, and hears a no before it", async () => {
    const { run } = openPlace();
    await run(worldOf({ ada: {}, bob: {} }), specOf(onlyNew));
    const later = worldOf({
      ada: { email: null },
      bob: { bio: "Please don't contact me." },
      mute: { email: null },
    });
    const second = await run(later, specOf(onlyNew));
    expect(second).toMatchObject({ exported: [], listed: ["mute"] });
    expect(second.drops).toMatchObject({ known: 1, profile_opt_out: 1, no_email: 1 });
    expect(second.known).toMatchObject({ known: 1, changed: 1 });
  });

  it("knows nobody of another tenant or of a campaign of another name", async () => {
    const { run } = openPlace();
    const world = worldOf({ ada: {} });
    await run(world, specOf(onlyNew));
    expect((await run(world, specOf(onlyNew), "acme")).known?.baselineJobId).toBe(null);
    expect((await run(world, specOf({ ...onlyNew, name: "another" }))).exported).toEqual(["ada"]);
  });
});

describe("The baseline of a campaign that asks for who is new", () => {
  it("is found when a job is submitted, and stays", async () => {
    const { run, engineOver, clock } = openPlace();
    const world = worldOf({ ada: {}, bob: {} });
    const first = await run(worldOf({ ada: {} }), specOf(onlyNew));
    const engine = engineOver(world);
    const waiting = await engine.submit(specOf(onlyNew));
    const between = await run(world, specOf(onlyNew));
    expect(between.exported).toEqual(["bob"]);
    await clock.advance(1_000);
    await engine.attend(waiting.id);
    // What another run exported in between is not known to a job that was submitted before.
    expect(await toldOf(engine, await engine.summary(waiting.id))).toMatchObject({
      exported: ["bob"],
      known: { baselineJobId: first.jobId, known: 1 },
    });
    await clock.advance(1_000);
    expect(await run(world, specOf(onlyNew))).toMatchObject({
      exported: [],
      known: { baselineJobId: waiting.id },
    });
  });

  it("is the run that ended last, with all that ended before it, of runs at the same time", async () => {
    const { engineOver, run, clock } = openPlace();
    const [left, right] = [engineOver(worldOf({ ada: {} })), engineOver(worldOf({ bob: {} }))];
    const early = await left.submit(specOf(onlyNew));
    const late = await right.submit(specOf(onlyNew));
    await right.attend(late.id);
    await clock.advance(1_000);
    await left.attend(early.id);
    const next = await run(worldOf({ ada: {}, bob: {}, cleo: {} }), specOf(onlyNew));
    expect(next).toMatchObject({ exported: ["cleo"], known: { baselineJobId: early.id, known: 2 } });
  });

  it("is kept when a job is tried again, which exports what the first try did, and the rest", async () => {
    const { engineOver, run, failing } = openPlace();
    const world = worldOf({ ada: {}, bob: {}, cleo: {} });
    const first = await run(worldOf({ ada: {} }), specOf(onlyNew));
    const partial = await failing(world, 2);
    expect(partial.summary).toMatchObject({ status: "failed", partial: true });
    const engine = engineOver(world);
    const retried = await engine.retry(partial.jobId);
    expect(retried.spec.onlyNew?.baseline?.jobId).toBe(first.jobId);
    await engine.attend(retried.id);
    const again = await toldOf(engine, await engine.summary(retried.id));
    expect(again.exported).toEqual(expect.arrayContaining(partial.exported));
    expect(new Set(again.exported)).toEqual(new Set(["bob", "cleo"]));
    expect(again.known).toMatchObject({ baselineJobId: first.jobId, known: 1 });
  });

  it("may be a run that was cut short: whom it exported, it exported", async () => {
    const { run, failing } = openPlace();
    const world = worldOf({ ada: {}, bob: {} });
    const partial = await failing(world, 1);
    expect(partial.exported).toHaveLength(1);
    const next = await run(world, specOf(onlyNew));
    expect(next.known).toMatchObject({ baselineJobId: partial.jobId, known: 1 });
    expect([...partial.exported, ...next.exported].sort()).toEqual(["ada", "bob"]);
  });

  it("counts for a run that is cut short too: it exports nobody who is known", async () => {
    const { run, failing } = openPlace();
    const first = await run(worldOf({ ada: {}, bob: {} }), specOf(onlyNew));
    const partial = await failing(worldOf({ ada: {}, bob: {}, cleo: {} }), 2);
    expect(partial.summary).toMatchObject({ status: "failed", partial: true });
    expect(partial.exported.filter((login) => first.exported.includes(login))).toEqual([]);
    expect((partial.known?.known ?? 0) + partial.exported.length).toBe(2);
  });

  it("is no dry run, none that was cancelled before it began, and none that failed at its first request", async () => {
    const { run, engineOver, store, clock } = openPlace();
    const world = worldOf({ ada: {} });
    await run(world, specOf({ ...onlyNew, features: { dry_run: true } }));
    const engine = engineOver(world);
    await engine.cancel((await engine.submit(specOf(onlyNew))).id);
    const refusing = createFakeSource(world, {
      before: () => {
        throw new Error("Nobody is let in.");
      },
    });
    await createTestEngine({ source: refusing, clock, store }).runInproc(
      specOf({ ...onlyNew, retries: { max_attempts: 1 } }),
    );
    expect(await run(world, specOf(onlyNew))).toMatchObject({
      exported: ["ada"],
      known: { baselineJobId: null },
    });
  });

  it("may be erased: who is known stays known, and nobody is compared", async () => {
    const { run, engineOver, store } = openPlace();
    const world = worldOf({ ada: {}, bob: {} });
    const first = await run(worldOf({ ada: {} }), specOf(onlyNew));
    const engine = engineOver(world);
    const { id } = await engine.submit(specOf(onlyNew));
    await store.eraseJobs([first.jobId], "retention");
    await engine.attend(id);
    expect(await toldOf(engine, await engine.summary(id))).toMatchObject({
      exported: ["bob"],
      known: { baselineJobId: first.jobId, known: 1, compared: 0, changed: 0 },
    });
  });

  it("says nothing of another tenant's people, whoever wrote the spec", async () => {
    const { run, engineOver } = openPlace();
    const first = await run(worldOf({ ada: {} }), specOf(onlyNew), "acme");
    const at = "2031-01-01T00:00:00.000Z";
    const baseline = { jobId: first.jobId, startedAt: at, endedAt: at };
    const engine = engineOver(worldOf({ ada: { company: "Elsewhere" } }));
    await run(worldOf({ ada: {} }), specOf(onlyNew));
    const summary = await engine.runInproc({ ...specOf(onlyNew), onlyNew: { baseline } });
    expect(summary.onlyNew).toMatchObject({ known: 1, compared: 0, changed: 0 });
  });
});

describe("Who is known", () => {
  it("is kept known as long as the last run that met them, and forgotten when they are erased", async () => {
    const { run, store, clock } = openPlace();
    const world = worldOf({ ada: {}, bob: {} });
    const keeping = (days: number) => specOf({ ...onlyNew, retention: { days } });
    await run(world, keeping(2));
    await clock.advance(86_400_000);
    const second = await run(world, keeping(30));
    expect(second.exported).toEqual([]);
    expect(await store.eraseExpired({ firstSeen: clock.now() + 20 * 86_400_000, notes: 0 })).toBe(0);
    const agent = createTestAgent(createFakeSource(world));
    await erasePerson({ store, agent, digest: testDigest, clock }, "ada", { suppress: false });
    expect((await store.readFirstSeen("test", ["U_ada", "U_bob"])).has("U_ada")).toBe(false);
    expect((await store.readTaskResults(second.jobId, "known", ["U_ada"])).size).toBe(0);
    expect((await run(world, keeping(30))).exported).toEqual(["ada"]);
  });
});

describe("S13 a run that asks for who is new and whose process ends at any point", () => {
  it.each([
    ["before a write", false],
    ["after a write", true],
  ])(
    "comes to the same, and never takes what it noted itself for an earlier run's: %s",
    async (_name, afterWrite) => {
      const before = worldOf({ ada: {}, bob: {}, cleo: {} });
      const after = worldOf({
        ada: { company: "Elsewhere" },
        bob: {},
        cleo: { login: "cleopatra" },
        dan: {},
        eve: {},
      });
      const submitted = async () => {
        const place = openPlace();
        await place.run(before, specOf(wanting(2)));
        await place.clock.advance(1_000);
        const engine = place.engineOver(after);
        const { id } = await engine.submit(specOf({ ...onlyNew, retries: { max_attempts: 1 } }));
        return { ...place, engine, id };
      };
      const calm = await submitted();
      const counting = createMortality(Number.POSITIVE_INFINITY, true);
      await work(calm.engineOver(after, mortalStore(calm.store, counting)), calm.store, calm.id);
      const outcome = await outcomeOf(calm.engine, calm.id);
      expect(outcome.leads.map(({ login }) => login).sort()).toHaveLength(3);
      for (let at = 1; at <= counting.count(); at += 1) {
        const place = await submitted();
        const mortality = createMortality(at, true);
        const dying = place.engineOver(after, mortalStore(place.store, mortality, { afterWrite }));
        await work(dying, place.store, place.id, mortality.dead);
        await work(place.engine, place.store, place.id);
        expect(await outcomeOf(place.engine, place.id), `effect ${at}`).toEqual(outcome);
        const ended = (await place.store.readJob(place.id))?.finishedAt;
        const noted = await place.store.readFirstSeen(
          "test",
          outcome.leads.map(({ nodeId }) => nodeId),
        );
        expect([...noted.values()].map(({ exportedAt }) => exportedAt)).toEqual([ended, ended, ended]);
      }
    },
  );
});
