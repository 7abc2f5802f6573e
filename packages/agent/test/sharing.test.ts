import { createMemoryStore, type Random, type Store } from "@cmo/engine";
import { createFakeClock, type FakeClock, seededRandom } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import {
  createTestEngine,
  fakeMail,
  leadsOf,
  outcomeOf,
  specOf,
  type TestCampaignOptions,
} from "./campaign.ts";
import { createFakeSource, type FakeWorld } from "./fake-source.ts";
import { createFakeWorld } from "./fake-world.ts";
import { watchedStore } from "./watched-store.ts";

const hourMs = 3_600_000;
const shared = { cacheScope: "fake.example", mailScope: "fake" };
const world = createFakeWorld({ seed: 9, repositories: 80, people: 60 });
const spec = specOf({ params: { target_leads: 500 } });

interface Place {
  readonly clock: FakeClock;
  readonly random: Random;
  readonly store: Store;
}

function open(): Place {
  const clock = createFakeClock({ auto: true });
  const random = seededRandom(1);
  return { clock, random, store: createMemoryStore({ clock, random }) };
}

/** One campaign over a store that others have used; tells what was asked. */
async function run(
  place: Place,
  {
    of = world,
    sharing = shared,
    viewer = "fake",
  }: { of?: FakeWorld; sharing?: TestCampaignOptions["sharing"]; viewer?: string } = {},
) {
  const source = createFakeSource(of, { batchSize: () => 20 });
  let lookups = 0;
  const engine = createTestEngine({
    source: {
      ...source,
      preflight: async (call) => ({ ...(await source.preflight(call)), viewer }),
    },
    mail: {
      ...fakeMail,
      lookup: (domain, signal) => {
        lookups += 1;
        return fakeMail.lookup(domain, signal);
      },
    },
    ...place,
    sharing,
  });
  const summary = await engine.runInproc(spec);
  expect(summary.status).toBe("completed");
  const ids = (kind: string) => source.requests.filter((one) => one.kind === kind).flatMap((one) => one.ids);
  return {
    engine,
    jobId: summary.jobId ?? "",
    summary,
    outcome: await outcomeOf(engine, summary.jobId ?? ""),
    asked: { searches: ids("search").length, activity: ids("activity"), people: ids("people"), lookups },
  };
}

describe("S29 a second campaign over the same store", () => {
  it("asks the searches only, and comes to the same", async () => {
    const place = open();
    const first = await run(place);
    expect(first.asked.activity.length).toBeGreaterThan(50);
    expect(first.asked.people.length).toBeGreaterThan(30);
    expect(first.asked.lookups).toBeGreaterThan(2);
    const second = await run(place);
    expect(second.asked).toEqual({
      searches: first.asked.searches,
      activity: [],
      people: [],
      lookups: 0,
    });
    expect(second.outcome.leads).toEqual(first.outcome.leads);
    expect(second.outcome.log).toEqual(first.outcome.log);
  });

  it("asks again for a repository that was pushed to, and for no other", async () => {
    const place = open();
    await run(place);
    const pushed = world.repositories.filter((one) => !one.isArchived && !one.isFork)[4]?.id ?? "";
    const later = {
      ...world,
      repositories: world.repositories.map((one) =>
        one.id === pushed ? { ...one, pushedAt: "2029-12-30T00:00:00.000Z" } : one,
      ),
    };
    const { asked } = await run(place, { of: later });
    expect(asked.activity).toEqual([pushed]);
    expect(asked.people).toEqual([]);
  });

  it("asks for people again after a day, and for histories after a week", async () => {
    const place = open();
    const first = await run(place);
    await place.clock.advance(25 * hourMs);
    const nextDay = await run(place);
    expect(nextDay.asked.activity).toEqual([]);
    expect(new Set(nextDay.asked.people)).toEqual(new Set(first.asked.people));
    expect(nextDay.asked.lookups).toBe(first.asked.lookups);
    await place.clock.advance(6 * 24 * hourMs);
    expect((await run(place)).asked.activity).toHaveLength(first.asked.activity.length);
  });

  it.each([
    ["its credentials see something else", { viewer: "another" }, 0],
    ["it has another scope", { sharing: { ...shared, cacheScope: "other.example" } }, 0],
    ["it shares nothing", { sharing: {} }, null],
    ["it is to ask afresh", { sharing: { ...shared, cacheMaxAgeMs: 0 } }, null],
  ])("asks for everything when %s", async (_name, options, lookups) => {
    const place = open();
    const first = await run(place);
    const second = await run(place, options);
    expect(second.asked).toEqual({ ...first.asked, lookups: lookups ?? first.asked.lookups });
  });

  it("asks again for those whom the source had no answer for, and not for those who are gone", async () => {
    const place = open();
    const source = createFakeSource(world, { batchSize: () => 20 });
    const engine = createTestEngine({
      source: {
        ...source,
        async *people(ids, call) {
          for await (const answer of source.people(ids, call)) {
            yield answer.id === "U_2" ? { id: answer.id, value: null, missing: "unavailable" } : answer;
          }
        },
      },
      ...place,
      sharing: shared,
    });
    const summary = await engine.runInproc(spec);
    expect(summary.counts.drops).toMatchObject({ unavailable: 1, gone: expect.any(Number) });
    expect((await run(place)).asked.people).toEqual(["U_2"]);
  });

  it("S31 takes no answer about somebody who was suppressed since", async () => {
    const place = open();
    const first = await run(place);
    const [gone] = await leadsOf(first.engine, first.jobId);
    const hashes = await first.engine.hashSuppression([{ kind: "email", value: gone?.email ?? "" }]);
    await place.store.addSuppressed(hashes);
    const { store, watch } = watchedStore(place.store);
    const second = await run({ ...place, store });
    expect(second.asked.people).toEqual([]);
    expect(second.summary.counts.drops.suppressed).toBe(1);
    expect(watch.written.join("\n")).not.toContain(gone?.email);
  });
});
