import { CmoError, createMemoryStore, type JobSpec, type Store } from "@cmo/engine";
import { createFakeClock, type FakeClock, seededRandom } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { createTestEngine, outcomeOf, specOf } from "./campaign.ts";
import { createFakeSource, type FakeRepository, type FakeWorld } from "./fake-source.ts";
import { createFakeWorld } from "./fake-world.ts";
import { watchedStore } from "./watched-store.ts";
import { work } from "./work.ts";

const everything = { stars_range: ">=1", target_leads: 5_000 };

/** So many people, five in each repository, and each of them in two. */
function crowd(people: number): FakeWorld {
  const repositories: FakeRepository[] = Array.from({ length: (people / 5) * 2 }, (_, index) => ({
    id: `R_${index}`,
    stars: 10_000 - index,
    commits: [0, 1, 2, 3, 4].map((offset) => ({
      person: `U_${(index * 5 + offset * 7) % people}`,
      count: 1 + ((index + offset) % 9),
    })),
  }));
  return {
    repositories,
    people: Array.from({ length: people }, (_, index) => ({
      id: `U_${index}`,
      login: `person${index}`,
      email: index % 3 === 0 ? null : `person${index}@mail.example`,
      company: index % 4 === 0 ? "Acme" : null,
    })),
  };
}

function engineOver(world: FakeWorld, store: Store, clock: FakeClock, slow = false) {
  const source = createFakeSource(world, {
    batchSize: () => 100,
    ...(slow ? { wait: (signal: AbortSignal) => clock.sleep(50, signal) } : {}),
  });
  return { source, engine: createTestEngine({ source, clock, store }) };
}

async function submitted(world: FakeWorld, spec: JobSpec) {
  const clock = createFakeClock({ auto: true });
  const store = createMemoryStore({ clock, random: seededRandom(1) });
  const { id: jobId } = await engineOver(world, store, clock).engine.submit(spec);
  return { clock, store, jobId };
}

/** A process that is gone right after its n-th checkpoint; true when it got there. */
async function workUpTo(
  world: FakeWorld,
  { clock, store, jobId }: { clock: FakeClock; store: Store; jobId: string },
  checkpoints: number,
): Promise<boolean> {
  let dead = false;
  const { store: watched, watch } = watchedStore(store);
  const mortal: Store = new Proxy(watched, {
    get(target, key: keyof Store) {
      const member = target[key];
      if (typeof member !== "function" || key === "onNews") return member;
      return async (...parameters: unknown[]) => {
        if (dead) throw new Error("The process is gone.");
        const value = await (member as (...all: unknown[]) => Promise<unknown>).apply(target, parameters);
        dead ||= watch.checkpoints.length >= checkpoints;
        return value;
      };
    },
  });
  await work(engineOver(world, mortal, clock, true).engine, store, jobId, () => dead);
  return dead;
}

describe("a campaign of many pages", () => {
  it("keeps checkpoints whose size does not grow with what is done", async () => {
    const languages = ["Go", "Rust", "Zig", "C", "Lua", null];
    const repositories = Array.from(
      { length: 11_000 },
      (_, index): FakeRepository => ({
        id: `R_${index}`,
        stars: 20_000 - index,
        language: languages[index % languages.length] ?? null,
        createdAt: new Date(Date.parse("2010-01-01") + ((index * 37) % 6_000) * 86_400_000).toISOString(),
        commits: [{ person: `U_${index}`, count: 1 + (index % 7) }],
      }),
    );
    const world = { repositories, people: [] };
    const spec = specOf({
      params: everything,
      default_icp: { languages: [] },
      limits: { max_repos: 100_000 },
    });
    const { clock, store, jobId } = await submitted(world, spec);
    const { store: watched, watch } = watchedStore(store);
    const { engine } = engineOver(world, watched, clock);
    await work(engine, store, jobId);
    expect((await engine.summary(jobId)).counts).toMatchObject({ reposMatched: 11_000, candidates: 11_000 });
    const sizes = watch.checkpoints.map((text) => text.length);
    expect(sizes.length).toBeGreaterThan(220);
    expect(Math.max(...sizes)).toBeLessThan(4_000);
    const early = Math.max(...sizes.slice(0, 25));
    expect(Math.max(...sizes.slice(-25))).toBeLessThan(early + 200);
  });
});

describe("a campaign that is interrupted at a checkpoint", () => {
  it("S13 comes to the same from each of them, and from none when they were taken away", async () => {
    const world = crowd(1_250);
    const spec = specOf({ params: everything, limits: { max_repos: 10_000 } });
    const calm = await submitted(world, spec);
    const { engine, source } = engineOver(world, calm.store, calm.clock);
    await work(engine, calm.store, calm.jobId);
    const outcome = await outcomeOf(engine, calm.jobId);
    expect(outcome.leads.length).toBeGreaterThan(1_000);

    let at = 0;
    for (; ; at += 1) {
      const place = await submitted(world, spec);
      const { store, clock, jobId } = place;
      if (!(await workUpTo(world, place, at + 1))) break;
      const isForgotten = at % 3 === 2;
      if (isForgotten) await store.updateJob(jobId, () => ({ checkpoint: null }));
      const state = JSON.parse((await store.readCheckpoint(jobId)) ?? "null");
      const { store: watched, watch } = watchedStore(store);
      const second = engineOver(world, watched, clock);
      await work(second.engine, store, jobId);
      expect(await outcomeOf(second.engine, jobId), `checkpoint ${at}`).toEqual(outcome);
      if (isForgotten) continue;
      const activities = watch.reads.filter(({ kind }) => kind === "activity").length;
      expect(activities).toBeLessThanOrEqual(500 - 50 * state.pages);
      const people = watch.reads.filter(({ kind }) => kind === "profile").length;
      // Those who were not committed, and each once more for the rows of leads, unless these were written too.
      expect(people).toBeLessThanOrEqual(1_250 - state.reports.asked + (state.exported === null ? 1_250 : 0));
      // Whoever was scored is not scored again.
      const judged = watch.recordReads.filter(({ collection }) => collection === "willing/1").length;
      expect(judged).toBe(1_250 - state.scored + (state.exported === null ? 1_250 : 0));
    }
    // A page each, two for the scores, one for the leads.
    expect(at).toBe(source.requests.filter(({ kind }) => kind === "search").length + 3);
  });

  it("S16 is brought to its end early alike, from its checkpoint and from its beginning", async () => {
    const world = createFakeWorld({ seed: 5, repositories: 220, people: 160 });
    const spec = specOf({ params: { target_leads: 500 } });
    for (let pages = 1; pages <= 3; pages += 1) {
      const outcomes = [];
      for (const isForgotten of [false, true]) {
        const place = await submitted(world, spec);
        const { store, clock, jobId } = place;
        expect(await workUpTo(world, place, pages)).toBe(true);
        if (isForgotten) await store.updateJob(jobId, () => ({ checkpoint: null }));
        const { source, engine } = engineOver(world, store, clock);
        await store.updateJob(jobId, () => ({ patch: { desired: "cancelled" } }));
        await work(engine, store, jobId);
        expect(source.requests).toEqual([]);
        outcomes.push(await outcomeOf(engine, jobId));
      }
      expect(outcomes[0]?.leads.length).toBeGreaterThan(0);
      expect(outcomes[0]).toEqual(outcomes[1]);
    }
  });

  it("is not misled by what was gone over to end it early, when that was interrupted too", async () => {
    const world = createFakeWorld({ seed: 5, repositories: 220, people: 160 });
    const spec = specOf({ params: { target_leads: 500 } });
    const calm = await submitted(world, spec);
    const undisturbed = engineOver(world, calm.store, calm.clock).engine;
    await work(undisturbed, calm.store, calm.jobId);
    const outcome = await outcomeOf(undisturbed, calm.jobId);

    let endings = 0;
    for (let requests = 4; requests <= 28; requests += 2) {
      const { clock, store, jobId } = await submitted(world, spec);
      // Refused after some answers: what is stored is gone over, and the process is gone before the job can end.
      const source = createFakeSource(world, {
        batchSize: () => 20,
        before: (_kind, ordinal) => {
          if (ordinal > requests) throw new CmoError("forbidden", "No.", { retryable: false });
        },
      });
      let dead = false;
      const mortal: Store = {
        ...store,
        updateJob: (id, decide) =>
          store.updateJob(id, (job, now) => {
            if (dead) throw new Error("The process is gone.");
            const change = decide(job, now);
            dead = (change.events ?? []).some(({ type }) => type === "job.failed");
            if (dead) throw new Error("The process is gone.");
            return change;
          }),
      };
      await work(createTestEngine({ source, clock, store: mortal }), store, jobId, () => dead);
      expect(dead).toBe(true);
      endings += (await store.countLeads(jobId, {})) > 0 ? 1 : 0;

      await clock.advance(60_000);
      const { engine } = engineOver(world, store, clock);
      await work(engine, store, jobId);
      const { leads } = await outcomeOf(engine, jobId);
      expect(leads, `after ${requests} requests`).toEqual(outcome.leads);
    }
    expect(endings).toBeGreaterThan(2);
  });
});
