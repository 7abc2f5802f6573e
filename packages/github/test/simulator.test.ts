import { CmoError, createClock, type Source, type SourceAnswer } from "@cmo/engine";
import {
  createGitHubSimulator,
  type FaultRule,
  listenGitHubSimulator,
  type SimulatorOptions,
} from "@cmo/github-simulator";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createGitHubSource, type GitHubSourceOptions, resolveGitHubEndpoints } from "../src/index.ts";
import { createFakeClock } from "./fake-clock.ts";
import { canaryToken, collect, createTestSource, digest, errorOf } from "./fixture.ts";
import { createRecordingCall, type RecordingCall } from "./recording-call.ts";

const query = {
  language: null,
  topic: null,
  stars: { min: 0, max: null },
  pushedSince: "2020-01-01",
  created: null,
};
const window = { since: "2026-06-01T00:00:00Z", commitsPerRepository: 100, deep: false };

/** What a campaign would ask, `source.concurrency` batches at once, and everything that was answered. */
async function campaign(
  source: Source,
  call: RecordingCall,
  options: { repositories: number; deep?: boolean },
) {
  const found: string[] = [];
  let after: string | null = null;
  do {
    const page = await source.searchRepositories(query, { first: 20, after }, call);
    found.push(...page.repositories.map((repository) => repository.id));
    after = page.next;
  } while (after !== null && found.length < options.repositories);
  const activity = await inBatches(source, "activity", found, (ids) =>
    source.repositoryActivity(ids, { ...window, deep: options.deep ?? false }, call),
  );
  const ids = [
    ...new Set(activity.flatMap((answer) => answer.value?.contributors.map((person) => person.id) ?? [])),
  ];
  const people = await inBatches(source, "people", ids, (batch) => source.people(batch, call));
  return { found, activity, ids, people };
}

async function inBatches<T>(
  source: Source,
  kind: "activity" | "people",
  ids: readonly string[],
  ask: (ids: readonly string[]) => AsyncIterable<SourceAnswer<T>>,
): Promise<SourceAnswer<T>[]> {
  const waiting = [...ids];
  const answers: SourceAnswer<T>[] = [];
  const work = async () => {
    while (waiting.length > 0)
      answers.push(...(await collect(ask(waiting.splice(0, source.batchSize(kind))))));
  };
  await Promise.all(Array.from({ length: source.concurrency }, work));
  return answers;
}

function createSimulatedScene(simulated: SimulatorOptions, more: Partial<GitHubSourceOptions> = {}) {
  const clock = createFakeClock(Date.parse("2026-11-01T00:00:00Z"));
  const simulator = createGitHubSimulator({ seed: 7, repositories: 60, latencyMs: 200, ...simulated, clock });
  const source = createTestSource(clock, (url, init) => simulator.fetch(url, init), more);
  return { clock, simulator, source, call: createRecordingCall() };
}

/** Answers by id, without the time of the answer and what is to be remembered of it. */
function facts(answers: readonly SourceAnswer<unknown>[]) {
  return new Map(
    answers.map((answer) => [answer.id, JSON.stringify({ ...answer, value: answer.value }, dropTime)]),
  );
}

function dropTime(key: string, value: unknown) {
  return ["fetchedAt", "remember", "more"].includes(key) ? undefined : value;
}

test("200 repositories and their people take few requests and points", async () => {
  const { clock, simulator, source, call } = createSimulatedScene({ repositories: 400 });
  const result = await clock.run(campaign(source, call, { repositories: 200 }));
  const statistics = simulator.stats();
  expect(result.people.length).toBeGreaterThan(200);
  expect(statistics.requests).toBe(10 + 20 + Math.ceil(result.ids.length / 100));
  expect(statistics).toMatchObject({
    requestsWhileLimited: 0,
    limitAnswers: 0,
    timeouts: 0,
    peakConcurrency: 2,
  });
  expect(call.tools.reduce((sum, tool) => sum + (tool.outcome?.cost ?? 0), 0)).toBe(statistics.points);
});

test("a deep look reads what a shallow one leaves out", async () => {
  const read = async (deep: boolean) => {
    const { clock, source, call } = createSimulatedScene({ repositories: 100 });
    return clock.run(campaign(source, call, { repositories: 60, deep }));
  };
  const shallow = await read(false);
  const deep = await read(true);
  const truncated = shallow.activity.filter((answer) => answer.value?.truncated);
  expect(truncated.length).toBeGreaterThan(0);
  const byId = new Map(deep.activity.map((answer) => [answer.id, answer.value]));
  for (const { id } of truncated) expect(byId.get(id)?.commits).toBeGreaterThan(100);
  expect(deep.activity.some((answer) => answer.value?.truncated)).toBe(false);
});

const fault: fc.Arbitrary<FaultRule> = fc
  .record({
    fault: fc.constantFrom(
      "bad_gateway",
      "socket_reset",
      "slow",
      "resource_limits",
      "rate_limited",
      "secondary_limit",
      "too_many_requests",
      "timeout_message",
    ),
    operation: fc.constantFrom(undefined, "search", "history", "people", "rest"),
    when: fc.oneof(
      fc.record({ rate: fc.double({ min: 0, max: 0.5, noNaN: true }) }),
      fc.record({ every: fc.integer({ min: 2, max: 7 }) }),
      fc.record({ at: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ times: fc.integer({ min: 1, max: 4 }) }),
    ),
    wait: fc.constantFrom(undefined, null, 1, 30),
    delayMs: fc.constantFrom(undefined, 100, 4_000, 20_000),
    share: fc.constantFrom(undefined, 0.1, 1),
  })
  .map(({ fault: name, operation, when, wait, delayMs, share }) => {
    const mayWait = name === "secondary_limit" || name === "too_many_requests";
    return {
      fault: name,
      ...when,
      ...(operation === undefined ? {} : { operation }),
      ...(mayWait && wait !== undefined ? { retryAfterSeconds: wait } : {}),
      ...(name === "slow" && delayMs !== undefined ? { delayMs } : {}),
      ...(name === "resource_limits" && share !== undefined ? { share } : {}),
    } satisfies FaultRule as FaultRule;
  });

describe("S27 whatever goes wrong", () => {
  test("each id is answered once and as without faults, or there is an error; no request while limited", async () => {
    const script = fc.record({
      faults: fc.array(fault, { maxLength: 4 }),
      concurrency: fc.integer({ min: 1, max: 4 }),
      withScope: fc.boolean(),
      pointsPerHour: fc.constantFrom(5, 12, 5_000),
    });
    const scene = (scopes: readonly string[], more: SimulatorOptions, source: Partial<GitHubSourceOptions>) =>
      createSimulatedScene({ ...more, scopes }, source);
    const expected = new Map<boolean, Awaited<ReturnType<typeof campaign>>>();
    for (const withScope of [true, false]) {
      const { clock, source, call } = scene(withScope ? ["read:user"] : ["gist"], {}, {});
      expected.set(withScope, await clock.run(campaign(source, call, { repositories: 20 })));
    }
    let completed = 0;
    await fc.assert(
      fc.asyncProperty(script, async ({ faults, concurrency, withScope, pointsPerHour }) => {
        const { clock, simulator, source, call } = scene(
          withScope ? ["read:user"] : ["gist"],
          { faults, limits: { pointsPerHour } },
          { concurrency },
        );
        const result = await clock
          .run(campaign(source, call, { repositories: 20 }))
          .catch((error: unknown) => {
            expect(error).toBeInstanceOf(CmoError);
            return null;
          });
        const statistics = simulator.stats();
        expect(statistics.requestsWhileLimited).toBe(0);
        expect(statistics.peakConcurrency).toBeLessThanOrEqual(concurrency);
        if (result === null) return;
        completed += 1;
        expect(clock.sleeping()).toBe(0);
        expect(call.tools).toHaveLength(statistics.requests);
        expect(call.tools.every((tool) => tool.outcome !== null)).toBe(true);
        const undisturbed = expected.get(withScope);
        expect(result.found).toEqual(undisturbed?.found);
        expect(new Set(result.activity.map((answer) => answer.id)).size).toBe(result.activity.length);
        expect(new Set(result.people.map((answer) => answer.id)).size).toBe(result.ids.length);
        for (const [kind, answers] of [
          ["activity", result.activity],
          ["people", result.people],
        ] as const) {
          const known = facts(undisturbed?.[kind] ?? []);
          for (const answer of answers) {
            if (answer.missing !== "unavailable")
              expect(facts([answer]).get(answer.id)).toEqual(known.get(answer.id));
          }
        }
      }),
      { numRuns: 30 },
    );
    expect(completed).toBeGreaterThan(10);
  });

  test("S26 a quota that runs out is waited for, visibly, and the campaign goes on", async () => {
    const { clock, simulator, source, call } = createSimulatedScene({ limits: { pointsPerHour: 6 } });
    const result = await clock.run(campaign(source, call, { repositories: 60 }));
    expect(result.people.length).toBe(result.ids.length);
    expect(call.of("quota.waiting")).toContainEqual(
      expect.objectContaining({ resource: "graphql", reason: "primary_limit" }),
    );
    expect(simulator.stats()).toMatchObject({ requestsWhileLimited: 0, limitAnswers: 0 });
  });

  test("S28 accounts that GitHub no longer finds cost only themselves", async () => {
    const undisturbed = createSimulatedScene({});
    const all = await undisturbed.clock.run(
      campaign(undisturbed.source, undisturbed.call, { repositories: 20 }),
    );
    const lost = all.ids.slice(0, 5);
    const { clock, simulator, source, call } = createSimulatedScene({
      faults: [{ fault: "not_found_ids", operation: "people", ids: lost }],
    });
    const result = await clock.run(campaign(source, call, { repositories: 20 }));
    expect(
      result.people
        .filter((answer) => answer.missing === "gone")
        .map((answer) => answer.id)
        .sort(),
    ).toEqual([...lost].sort());
    expect(simulator.stats().requests).toBe(undisturbed.simulator.stats().requests);
  });
});

test("S26 a revoked token ends the campaign at the first request", async () => {
  const { clock, simulator, source, call } = createSimulatedScene({ revokedTokens: [canaryToken] });
  expect(await errorOf(clock.run(source.preflight(call)))).toMatchObject({ code: "unauthenticated" });
  expect(simulator.stats().requests).toBe(1);
});

test("without the scope the preflight says so, and people come out the same but for where the address was read", async () => {
  const read = async (scopes: readonly string[]) => {
    const { clock, source, call, simulator } = createSimulatedScene({ scopes });
    const preflight = await clock.run(source.preflight(call));
    const result = await clock.run(campaign(source, call, { repositories: 20 }));
    return {
      preflight,
      people: facts(result.people),
      rest: simulator.stats().restRequests,
      count: result.ids.length,
    };
  };
  const granted = await read(["user:email"]);
  const lacking = await read([]);
  expect(granted.preflight.notes).toEqual([]);
  expect(lacking.preflight.notes).toMatchObject([{ code: "source.scope.email" }]);
  expect(lacking.preflight.viewer).not.toBe(granted.preflight.viewer);
  expect(lacking.rest).toBeGreaterThan(0);
  for (const [id, text] of granted.people) {
    expect(lacking.people.get(id)).toBe(text.replace('"github.user.email"', '"github.rest.user.email"'));
  }
});

test("over HTTP, with the real fetch and the real clock, the answers are the same", async () => {
  const inProcess = createSimulatedScene({ latencyMs: 0 });
  const expected = await inProcess.clock.run(
    campaign(inProcess.source, inProcess.call, { repositories: 20 }),
  );
  const simulator = createGitHubSimulator({ seed: 7, repositories: 60 });
  const listening = await listenGitHubSimulator(simulator);
  try {
    const source = createGitHubSource({
      fetch,
      token: canaryToken,
      ...resolveGitHubEndpoints({ GITHUB_API_URL: listening.url }),
      clock: createClock(globalThis),
      random: Math.random,
      digest,
    });
    const result = await campaign(source, createRecordingCall(), { repositories: 20 });
    expect(facts(result.activity)).toEqual(facts(expected.activity));
    expect(facts(result.people)).toEqual(facts(expected.people));
    expect(simulator.stats().requests).toBe(inProcess.simulator.stats().requests);
  } finally {
    await listening.close();
  }
});
