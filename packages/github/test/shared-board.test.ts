import { CmoError } from "@cmo/engine";
import { createGitHubSimulator, type SimulatorOptions } from "@cmo/github-simulator";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createGitHubAccount, createMemoryBoard, createSharedBoard, type QuotaBoard } from "../src/index.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";
import { canaryToken, collect, digest, idsOf } from "./fixture.ts";
import { createRecordingCall } from "./recording-call.ts";
import { answerPeople, createScriptedFetch, json, quotaHeaders } from "./scripted-fetch.ts";

/** A text that processes share, with transactions that take their time. */
function createSharedText(clock: FakeClock, transactionMs: number) {
  let text: string | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let transactions = 0;
  const board = (): QuotaBoard =>
    createSharedBoard((decide) => {
      const mine = last.then(async () => {
        transactions += 1;
        if (transactionMs > 0) await clock.sleep(transactionMs);
        text = decide(text, clock.now());
      });
      last = mine.catch(() => {});
      return mine;
    });
  return { board, text: () => text, transactions: () => transactions };
}

type Fetch = Parameters<typeof createGitHubAccount>[0]["fetch"];

function openAccount(clock: FakeClock, fetch: Fetch, board: QuotaBoard) {
  return createGitHubAccount({
    fetch,
    token: canaryToken,
    apiUrl: "https://api.github.example",
    graphqlUrl: "https://api.github.example/graphql",
    clock,
    random: () => 0.5,
    digest,
    board,
  });
}

describe("processes that share a board", () => {
  test("S27 have no more requests under way than the largest of their numbers, and wait together for a limit", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          concurrencies: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 4 }),
          transactionMs: fc.constantFrom(0, 1, 7),
          limitAt: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
          limit: fc.constantFrom("secondary_limit", "too_many_requests", "rate_limited"),
          seconds: fc.integer({ min: 2, max: 90 }),
          points: fc.constantFrom(9, 5_000),
        }),
        async ({ concurrencies, transactionMs, limitAt, limit, seconds, points }) => {
          const clock = createFakeClock("2026-11-01T00:00:00Z");
          const shared = createSharedText(clock, transactionMs);
          const faults: SimulatorOptions["faults"] = limitAt.map((at) => ({
            fault: limit,
            at,
            ...(limit === "rate_limited" ? { resetAfterSeconds: seconds } : { retryAfterSeconds: seconds }),
          }));
          const simulator = createGitHubSimulator({
            seed: 7,
            repositories: 60,
            latencyMs: 200,
            limits: { pointsPerHour: points },
            faults,
            clock,
          });
          const jobs = concurrencies.map(async (concurrency) => {
            const account = openAccount(clock, (url, init) => simulator.fetch(url, init), shared.board());
            const source = account.source(concurrency);
            const call = createRecordingCall();
            const work = Array.from({ length: concurrency }, async () => {
              for (let page = 0; page < 4; page += 1) await source.searchRepositories(query, firstPage, call);
            });
            await Promise.all(work);
            return call;
          });
          await clock.run(Promise.all(jobs));
          const largest = Math.max(...concurrencies);
          const { peakConcurrency, requestsWhileLimited, limitAnswers } = simulator.stats();
          expect(peakConcurrency).toBeLessThanOrEqual(largest);
          // A request that had its leave when another process met the limit cannot be called back.
          expect(requestsWhileLimited).toBeLessThanOrEqual((largest - 1) * limitAnswers);
          if (limitAt.length === 0) expect(limitAnswers).toBe(0);
          expect(JSON.parse(shared.text() ?? "")).toMatchObject({ held: [], waiting: [] });
          expect(clock.sleeping()).toBe(0);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("S27 start nothing once one of them has said that it met a limit, and show that they wait", async () => {
    const clock = createFakeClock();
    const startMs = clock.now();
    const shared = createSharedText(clock, 0);
    const github = createScriptedFetch(clock.now, async (request, ordinal) => {
      await clock.sleep(100);
      return ordinal === 1
        ? json({ message: "secondary rate limit" }, 403, { "retry-after": "30" })
        : answerPeople(request);
    });
    const calls = [createRecordingCall(), createRecordingCall()];
    const reading = calls.map(async (call, index) => {
      const source = openAccount(clock, github.fetch, shared.board()).source(1);
      await clock.sleep(index * 150);
      return collect(source.people(idsOf(1), call));
    });
    await clock.run(Promise.all(reading));
    expect(github.requests.map(({ atMs }) => atMs - startMs)).toEqual([0, 30_100, expect.any(Number)]);
    expect(github.peak()).toBe(1);
    const until = new Date(startMs + 30_100).toISOString();
    for (const call of calls)
      expect(call.of("quota.waiting")).toContainEqual({
        resource: "graphql",
        until,
        reason: "secondary_limit",
      });
  });

  test("say once that they wait, however often they look whether it is over", async () => {
    const clock = createFakeClock();
    const shared = createSharedText(clock, 7);
    const github = createScriptedFetch(clock.now, (request, ordinal) =>
      ordinal === 1 ? json({}, 429, { "retry-after": "1800" }) : answerPeople(request),
    );
    const call = createRecordingCall();
    const source = openAccount(clock, github.fetch, shared.board()).source(1);
    await clock.run(collect(source.people(idsOf(1), call)));
    expect(shared.transactions()).toBeGreaterThan(30);
    expect(call.of("quota.waiting")).toHaveLength(1);
  });

  test("do not spend the last points twice", async () => {
    const clock = createFakeClock();
    const resetAtMs = clock.now() + 3_600_000;
    const shared = createSharedText(clock, 1);
    let left = 2;
    const github = createScriptedFetch(clock.now, async (request) => {
      if (clock.now() < resetAtMs) left -= 1;
      const headers = quotaHeaders(
        clock.now() < resetAtMs ? left : 4_000,
        clock.now() < resetAtMs ? resetAtMs : resetAtMs + 3_600_000,
      );
      await clock.sleep(500);
      return answerPeople(request, headers);
    });
    const sources = [1, 2, 3].map(() => openAccount(clock, github.fetch, shared.board()).source(3));
    for (const source of sources.slice(0, 1))
      await clock.run(collect(source.people(idsOf(1), createRecordingCall())));
    await clock.run(
      Promise.all(sources.map((source) => collect(source.people(idsOf(1), createRecordingCall())))),
    );
    expect(left).toBe(0);
    expect(github.requests.filter(({ atMs }) => atMs < resetAtMs)).toHaveLength(2);
  });

  test("take over the slots of one that died, after its requests must have ended", async () => {
    const clock = createFakeClock();
    const startMs = clock.now();
    const shared = createSharedText(clock, 0);
    const github = createScriptedFetch(clock.now, (request, ordinal) =>
      ordinal === 1 ? "hang" : answerPeople(request),
    );
    // Its time stands still from the moment it has sent its request: nothing is heard of it any more.
    const dead = { ...clock, sleep: () => new Promise<void>(() => {}) };
    void collect(
      openAccount(dead, github.fetch, shared.board()).source(1).people(idsOf(1), createRecordingCall()),
    );
    await clock.settle();
    const call = createRecordingCall();
    await clock.run(
      collect(openAccount(clock, github.fetch, shared.board()).source(1).people(idsOf(1), call)),
    );
    expect(github.requests[1]?.atMs).toBeGreaterThanOrEqual(startMs + 20_000);
    expect(github.requests[1]?.atMs).toBeLessThan(startMs + 20_300);
    // It says that it waits, in spans that add up to what it waited.
    const waits = call.of("quota.waiting");
    expect(waits.map(({ reason }) => reason)).toEqual(waits.map(() => "other_jobs"));
    expect(waits.length).toBeGreaterThan(2);
    expect(waits.length).toBeLessThan(8);
  });

  test("leave nothing behind when they are told to stop while they wait", async () => {
    const clock = createFakeClock();
    const shared = createSharedText(clock, 3);
    const github = createScriptedFetch(clock.now, async (request) => {
      await clock.sleep(5_000);
      return answerPeople(request);
    });
    const running = collect(
      openAccount(clock, github.fetch, shared.board()).source(1).people(idsOf(1), createRecordingCall()),
    );
    const call = createRecordingCall();
    const waiting = collect(
      openAccount(clock, github.fetch, shared.board()).source(1).people(idsOf(1), call),
    );
    const stopping = clock.sleep(1_000).then(() => call.abort.abort());
    await expect(clock.run(Promise.all([waiting, stopping]))).rejects.toMatchObject({ code: "cancelled" });
    expect(JSON.parse(shared.text() ?? "")).toMatchObject({ held: [{ lane: 1 }], waiting: [] });
    await clock.run(running);
    expect(JSON.parse(shared.text() ?? "")).toMatchObject({ held: [], waiting: [] });
  });

  test("fail as the store does, and come through when it is there again", async () => {
    const clock = createFakeClock();
    let isAway = true;
    const memory = createMemoryBoard(clock);
    const board: QuotaBoard = {
      isShared: true,
      async update(decide) {
        if (isAway) throw new CmoError("store_unavailable", "The disk is away.");
        return memory.update(decide);
      },
    };
    const github = createScriptedFetch(clock.now, (request) => answerPeople(request));
    const source = openAccount(clock, github.fetch, board).source(1);
    const ask = () => clock.run(collect(source.people(idsOf(1), createRecordingCall())));
    await expect(ask()).rejects.toMatchObject({ code: "store_unavailable" });
    expect(github.requests).toHaveLength(0);
    isAway = false;
    expect(await ask()).toHaveLength(1);
  });

  test("begin anew where what is shared cannot be read", async () => {
    for (const text of ["", "{", "[]", '{"v":2}']) {
      let kept: string | null = text;
      const board = createSharedBoard(async (decide) => {
        kept = decide(kept, 5);
      });
      expect(await board.update((state, now) => ({ state, outcome: [state.counter, now] }))).toEqual([0, 5]);
    }
  });
});

describe("jobs of one process", () => {
  test("share the quota whatever their numbers are, and each keeps to its own", async () => {
    const clock = createFakeClock();
    const inFlight = new Map<string, number>();
    const peaks = new Map<string, number>();
    const github = createScriptedFetch(clock.now, async (request) => {
      const job = String(request.variables.ids).slice(0, 1);
      inFlight.set(job, (inFlight.get(job) ?? 0) + 1);
      peaks.set(job, Math.max(peaks.get(job) ?? 0, inFlight.get(job) ?? 0));
      await clock.sleep(100);
      inFlight.set(job, (inFlight.get(job) ?? 0) - 1);
      return answerPeople(request);
    });
    const account = openAccount(clock, github.fetch, createMemoryBoard(clock));
    const work = [
      ["A", 1],
      ["B", 3],
    ] as const;
    const reading = work.map(([job, concurrency]) => {
      const source = account.source(concurrency);
      const each = Array.from({ length: job === "A" ? 6 : 40 }, (_, index) =>
        collect(source.people([`${job}${index}`], createRecordingCall())),
      );
      return Promise.all(each);
    });
    await clock.run(Promise.all(reading));
    expect(Object.fromEntries(peaks)).toEqual({ A: 1, B: 3 });
    expect(github.peak()).toBe(3);
  });
});

const firstPage = { first: 10, after: null };
const query = {
  language: null,
  topic: null,
  stars: { min: 0, max: null },
  pushedSince: "2020-01-01",
  created: null,
};
