import { createMemoryStore, type JobSpec, type Store } from "@cmo/engine";
import { createFakeClock, type FakeClock, seededRandom } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { createTestEngine, eventsOf, outcomeOf, specOf } from "./campaign.ts";
import { createFakeSource, type FakeSource } from "./fake-source.ts";
import { createFakeWorld } from "./fake-world.ts";
import { createMortality, type Mortality, mortalStore } from "./mortal.ts";
import { watchedStore } from "./watched-store.ts";
import { work } from "./work.ts";

const world = createFakeWorld({ seed: 3, repositories: 58, people: 14 });
const spec = specOf({
  params: { target_leads: 500 },
  limits: { people_per_repo: 3 },
  retries: { max_attempts: 3 },
});
const concurrency = 2;

function openClock() {
  return createFakeClock({ auto: true });
}

/** A source of which each request is an effect, whose answers take turns. */
function openSource(clock: FakeClock, mortality?: Mortality): FakeSource {
  return createFakeSource(world, {
    concurrency,
    batchSize: () => 12,
    before: () => mortality?.effect(),
    wait: (signal) => clock.sleep(50, signal),
  });
}

async function submitted(clock: FakeClock, of: JobSpec = spec) {
  const store = createMemoryStore({ clock, random: seededRandom(1) });
  const engine = createTestEngine({ source: openSource(clock), clock, store });
  const { id } = await engine.submit(of);
  return { store, jobId: id, engine };
}

async function undisturbed() {
  const clock = openClock();
  const { store, jobId } = await submitted(clock);
  const mortality = createMortality(Number.POSITIVE_INFINITY, true);
  const source = openSource(clock, mortality);
  const engine = createTestEngine({ source, clock, store: mortalStore(store, mortality) });
  await work(engine, store, jobId);
  return { outcome: await outcomeOf(engine, jobId), effects: mortality.count(), source };
}

const storeKind = {
  search: "search",
  activity: "activity",
  people: "profile",
  preflight: "preflight",
} as const;

/** The requests of which not all answers were stored. */
async function unfinished(store: Store, jobId: string, source: FakeSource) {
  const open: string[] = [];
  const stored = new Set<string>();
  let page = 0;
  for (const { kind, ids } of source.requests) {
    const itemIds = kind === "search" ? [`q0#${page++}`] : kind === "preflight" ? ["fake"] : ids;
    const found = await store.readTaskResults(jobId, storeKind[kind], itemIds);
    for (const id of found.keys()) stored.add(`${kind} ${id}`);
    if (found.size < itemIds.length) open.push(kind);
  }
  return { open, stored };
}

/** What the last checkpoint has behind it: answers that nobody has to look at again to go on. */
async function committed(store: Store, jobId: string) {
  const state = JSON.parse((await store.readCheckpoint(jobId)) ?? "null");
  const all = async (collection: string) => store.scanRecords(jobId, collection, null, 10_000);
  const repositories = await all("repository/1");
  const people = (await all("person/1")).filter(({ value }) => JSON.parse(value).kept);
  return {
    pages: (state?.pages ?? 0) as number,
    activity: new Set(repositories.filter(({ value }) => value !== "null").map(({ key }) => key)),
    profile: new Set(people.map(({ key }) => key)),
  };
}

describe("S13 a campaign whose process ends at any point", () => {
  it.each([
    ["before a write", false],
    ["after a write", true],
  ])("comes to the same when another worker goes on: %s", async (_name, afterWrite) => {
    const { outcome, effects, source: calm } = await undisturbed();
    expect(outcome.leads.length).toBeGreaterThan(3);
    expect(new Set(calm.requests.map(({ kind }) => kind)).size).toBe(4);
    for (let at = 1; at <= effects; at += 1) {
      const clock = openClock();
      const { store, jobId } = await submitted(clock);
      const mortality = createMortality(at, true);
      const first = openSource(clock, mortality);
      const dying = createTestEngine({
        source: first,
        clock,
        store: mortalStore(store, mortality, { afterWrite }),
      });
      await work(dying, store, jobId, mortality.dead);
      const before = await eventsOf(store, jobId);
      const { open, stored } = await unfinished(store, jobId, first);
      expect(open.length).toBeLessThanOrEqual(2 * concurrency + 1);

      const behind = await committed(store, jobId);
      const { store: watched, watch } = watchedStore(store);
      const second = openSource(clock);
      const engine = createTestEngine({ source: second, clock, store: watched });
      await work(engine, store, jobId);
      expect(await outcomeOf(engine, jobId), `effect ${at}`).toEqual(outcome);
      const readAgain = (kind: string, isBehind: (itemId: string) => boolean) =>
        watch.reads.filter((one) => one.kind === kind && isBehind(one.itemId)).map((one) => one.itemId);
      expect(
        readAgain("search", (id) => Number(id.slice(3)) < behind.pages),
        `effect ${at}`,
      ).toEqual([]);
      expect(
        readAgain("activity", (id) => behind.activity.has(id)),
        `effect ${at}`,
      ).toEqual([]);
      // Once, for the rows of the leads; never to find out where the work stands.
      const rows = readAgain("profile", (id) => behind.profile.has(id));
      expect(new Set(rows).size, `effect ${at}`).toBe(rows.length);
      expect((await eventsOf(store, jobId)).slice(0, before.length)).toEqual(before);
      for (const { kind, ids } of second.requests) {
        if (kind !== "search") for (const id of ids) expect(stored.has(`${kind} ${id}`)).toBe(false);
      }
      expect(first.requests.length + second.requests.length).toBeLessThanOrEqual(
        calm.requests.length + open.length + 2 * concurrency,
      );
    }
  });
});

describe("a campaign that is disturbed once, at any point", () => {
  it.each([
    ["before a write", false],
    ["after a write", true],
  ])("comes to the same by itself: %s", async (_name, afterWrite) => {
    const { outcome, effects } = await undisturbed();
    for (let at = 1; at <= effects; at += 1) {
      const clock = openClock();
      const { store, jobId } = await submitted(clock);
      const mortality = createMortality(at, false);
      const source = openSource(clock, mortality);
      const engine = createTestEngine({
        source,
        clock,
        store: mortalStore(store, mortality, { afterWrite }),
      });
      await work(engine, store, jobId);
      expect(await outcomeOf(createTestEngine({ source, clock, store }), jobId), `effect ${at}`).toEqual(
        outcome,
      );
      expect(source.running()).toBe(0);
    }
  });
});

describe("a campaign that is paused at any point", () => {
  it("S17 comes to the same when it is resumed, and asks nothing twice that was answered", async () => {
    const { outcome, source: calm } = await undisturbed();
    for (let afterRequests = 1; afterRequests <= calm.requests.length; afterRequests += 1) {
      const clock = openClock();
      const { store, jobId } = await submitted(clock);
      const source = openSource(clock);
      const engine = createTestEngine({ source, clock, store });
      let asked = false;
      await work(engine, store, jobId, () => {
        if (source.requests.length >= afterRequests && !asked) {
          asked = true;
          engine.pause(jobId).catch(() => {});
        }
        return asked && source.running() === 0;
      });
      const { open } = await unfinished(store, jobId, source);
      const first = source.requests.length;
      if ((await store.readJob(jobId))?.status === "paused") await engine.resume(jobId);
      await work(engine, store, jobId);
      expect(await outcomeOf(engine, jobId), `after ${afterRequests} requests`).toEqual(outcome);
      expect(source.requests.length - first).toBeLessThanOrEqual(
        calm.requests.length - first + open.length + 2,
      );
    }
  });
});
