import { describe, expect, test } from "vitest";
import { askGraphql, askRest, at, personIds, repositoryIds } from "../../test/ask-simulator.ts";
import { createFakeClock } from "../../test/fake-clock.ts";
import { ACTIVITY, COUNT, PEOPLE } from "../../test/query-document.ts";
import { createGitHubSimulator } from "./create-simulator.ts";

const VIEWER = "{ viewer { login } rateLimit { remaining used limit resetAt } }";
const since = "2026-08-03T00:00:00Z";

describe("the points of an hour", () => {
  test("are there again sooner where an hour is said to be shorter", async () => {
    const clock = createFakeClock();
    const simulator = createGitHubSimulator({ clock, limits: { pointsPerHour: 1, hourMs: 2_000 } });
    await askGraphql(simulator, VIEWER);
    const refused = await askGraphql(simulator, VIEWER);
    expect(refused.body).toMatchObject({ errors: [{ type: "RATE_LIMITED" }] });
    expect(refused.headers.get("x-ratelimit-reset")).toBe(String(clock.now() / 1000 + 2));
    await clock.advance(2_000);
    expect((await askGraphql(simulator, VIEWER)).body).not.toHaveProperty("errors");
  });

  test("are told in every answer, refused when used up, and there again after the reset (S26)", async () => {
    const clock = createFakeClock();
    const simulator = createGitHubSimulator({ clock, limits: { pointsPerHour: 3 } });
    const first = await askGraphql(simulator, VIEWER);
    expect(at(first.body, "data.rateLimit")).toEqual({
      limit: 3,
      remaining: 2,
      used: 1,
      resetAt: "2026-11-02T11:00:00Z",
    });
    expect(Object.fromEntries(first.headers)).toMatchObject({
      "x-ratelimit-limit": "3",
      "x-ratelimit-remaining": "2",
      "x-ratelimit-used": "1",
      "x-ratelimit-resource": "graphql",
      "x-ratelimit-reset": String(clock.now() / 1000 + 3600),
    });
    await askGraphql(simulator, VIEWER);
    await askGraphql(simulator, VIEWER);
    const refused = await askGraphql(simulator, VIEWER);
    expect(refused.status).toBe(200);
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(refused.body).toMatchObject({
      errors: [{ type: "RATE_LIMITED", message: expect.stringContaining("rate limit exceeded") }],
    });
    expect(simulator.stats()).toMatchObject({ points: 3, limitAnswers: 1, requestsWhileLimited: 0 });

    await askGraphql(simulator, VIEWER);
    expect(simulator.stats().requestsWhileLimited).toBe(1);
    await clock.advance(3_600_000);
    expect(at((await askGraphql(simulator, VIEWER)).body, "data.rateLimit.remaining")).toBe(2);
    expect(simulator.stats().requestsWhileLimited).toBe(1);
  });

  test("are another token's own, and apart from REST", async () => {
    const simulator = createGitHubSimulator({ clock: createFakeClock(), limits: { pointsPerHour: 1 } });
    await askGraphql(simulator, VIEWER);
    expect(at((await askGraphql(simulator, VIEWER)).body, "errors.0.type")).toBe("RATE_LIMITED");
    expect(
      at((await askGraphql(simulator, VIEWER, {}, { token: "token-two" })).body, "data.viewer.login"),
    ).toBeTypeOf("string");
    expect((await askRest(simulator, "/user")).status).toBe(200);
    expect(simulator.stats().requestsWhileLimited).toBe(0);
  });

  test("A request that was under way when the limit was met was not sent while limited.", async () => {
    const clock = createFakeClock();
    const simulator = createGitHubSimulator({ clock, latencyMs: 100, limits: { pointsPerHour: 1 } });
    const answers = [1, 2, 3].map(() => askGraphql(simulator, VIEWER));
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(100);
    await Promise.all(answers);
    expect(simulator.stats()).toMatchObject({ limitAnswers: 2, requestsWhileLimited: 0, peakConcurrency: 3 });
  });
});

describe("REST limits", () => {
  test("An hour's requests are counted apart, refused with 403 when used up, and free for what has not changed.", async () => {
    const simulator = createGitHubSimulator({ clock: createFakeClock(), limits: { requestsPerHour: 2 } });
    const first = await askRest(simulator, "/user");
    expect(first.headers.get("x-ratelimit-resource")).toBe("core");
    const etag = first.headers.get("etag") ?? "";
    const again = await askRest(simulator, "/user", { "if-none-match": etag });
    expect([again.status, again.text, again.headers.get("x-ratelimit-remaining")]).toEqual([304, "", "1"]);
    await askRest(simulator, "/user");
    const refused = await askRest(simulator, "/user");
    expect([refused.status, refused.headers.get("x-ratelimit-remaining")]).toEqual([403, "0"]);
    expect(at(refused.body, "message")).toContain("API rate limit exceeded");
    expect((await askRest(simulator, "/rate_limit")).status).toBe(200);
    expect(simulator.stats()).toMatchObject({ notModified: 1, requestsWhileLimited: 0 });
  });

  test("Searches have a bucket of thirty a minute.", async () => {
    const clock = createFakeClock();
    const simulator = createGitHubSimulator({ clock });
    const search = () => askRest(simulator, "/search/repositories?q=language:Go");
    for (let count = 0; count < 30; count += 1) expect((await search()).status).toBe(200);
    expect((await search()).status).toBe(403);
    expect((await askRest(simulator, "/user")).status).toBe(200);
    await clock.advance(60_000);
    expect((await search()).headers.get("x-ratelimit-resource")).toBe("search");
  });

  test("Without a token there are sixty requests and no GraphQL.", async () => {
    const simulator = createGitHubSimulator({ clock: createFakeClock() });
    expect((await askRest(simulator, "/meta", {}, null)).headers.get("x-ratelimit-limit")).toBe("60");
    const response = await simulator.fetch("https://api.github.test/graphql", { method: "POST", body: "{}" });
    expect(response.status).toBe(401);
  });
});

describe("secondary limits", () => {
  test("More requests in flight than allowed are refused, REST and GraphQL together.", async () => {
    const clock = createFakeClock();
    const simulator = createGitHubSimulator({ clock, latencyMs: 50, limits: { concurrency: 2 } });
    const answers = [
      askGraphql(simulator, VIEWER),
      askRest(simulator, "/user"),
      askGraphql(simulator, VIEWER),
    ];
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(50);
    const [first, second, third] = await Promise.all(answers);
    expect([first?.status, second?.status, third?.status]).toContain(403);
    const refused = [first, second, third].find((answer) => answer?.status === 403);
    expect(refused?.text).toContain("secondary rate limit");
    expect(refused?.headers.get("retry-after")).toBe("60");
    expect(simulator.stats().peakConcurrency).toBe(3);
  });

  test("More queries a minute than allowed are refused until the time is over; whoever goes on is counted.", async () => {
    const clock = createFakeClock();
    const simulator = createGitHubSimulator({
      clock,
      limits: { pointsPerMinute: 3, secondaryRetryAfterSeconds: null },
    });
    for (let count = 0; count < 3; count += 1) expect((await askGraphql(simulator, VIEWER)).status).toBe(200);
    const refused = await askGraphql(simulator, VIEWER);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([403, null]);
    await clock.advance(30_000);
    expect((await askRest(simulator, "/user")).status).toBe(403);
    expect(simulator.stats().requestsWhileLimited).toBe(1);
    await clock.advance(30_001);
    expect((await askGraphql(simulator, VIEWER)).status).toBe(200);
    expect(simulator.stats().requestsWhileLimited).toBe(1);
  });

  test("GraphQL time is limited to sixty seconds a minute when answers take their time.", async () => {
    const clock = createFakeClock();
    const simulator = createGitHubSimulator({ repositories: 400, clock, costAsLatency: true });
    const statuses: number[] = [];
    const asking = Array.from({ length: 30 }, () =>
      askGraphql(simulator, ACTIVITY, { ids: repositoryIds(25), since, n: 100 }).then(({ status }) =>
        statuses.push(status),
      ),
    );
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(10_000);
    await Promise.all(asking);
    expect(statuses.filter((status) => status === 200).length).toBeLessThan(12);
    expect(statuses).toContain(403);
  });
});

describe("the ten-second clock", () => {
  test("kills what asks too much, every time, and takes extra points", async () => {
    const simulator = createGitHubSimulator({ repositories: 400, clock: createFakeClock() });
    const ask = (count: number) =>
      askGraphql(simulator, ACTIVITY, { ids: repositoryIds(count), since, n: 100 });
    const dead = await ask(50);
    expect([dead.status, dead.headers.get("content-type")]).toEqual([502, "text/html"]);
    expect(dead.text).toContain("<html>");
    expect((await ask(50)).status).toBe(502);
    expect(simulator.stats()).toMatchObject({ timeouts: 2, points: 22 });
    expect((await ask(10)).status).toBe(200);
    expect(simulator.stats().points).toBe(23);
  });

  test("makes an answer take its time when it is asked to", async () => {
    const clock = createFakeClock();
    const simulator = createGitHubSimulator({ repositories: 400, clock, costAsLatency: true });
    let done = false;
    const answer = askGraphql(simulator, ACTIVITY, { ids: repositoryIds(10), since, n: 100 }).then(() => {
      done = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(1500);
    expect(done).toBe(false);
    await clock.advance(3000);
    await answer;
  });

  test("may be set to less", async () => {
    const simulator = createGitHubSimulator({ clock: createFakeClock(), limits: { queryMs: 500 } });
    expect((await askGraphql(simulator, PEOPLE, { ids: personIds(100) })).status).toBe(502);
    expect((await askGraphql(simulator, PEOPLE, { ids: personIds(10) })).status).toBe(200);
  });
});

describe("tokens", () => {
  test("Only those in the list are accepted, and revoked ones are not.", async () => {
    const simulator = createGitHubSimulator({
      clock: createFakeClock(),
      tokens: ["good", "old"],
      revokedTokens: ["old"],
    });
    const ask = async (token: string) => (await askGraphql(simulator, VIEWER, {}, { token })).status;
    expect([await ask("good"), await ask("old"), await ask("other")]).toEqual([200, 401, 401]);
  });

  test("Without the scope, a query that asks for an address fails as a whole; any other passes.", async () => {
    const simulator = createGitHubSimulator({ clock: createFakeClock(), scopes: ["public_repo"] });
    const refused = await askGraphql(simulator, PEOPLE, { ids: personIds(3) });
    expect(at(refused.body, "data")).toBeNull();
    expect(at(refused.body, "errors.0.type")).toBe("INSUFFICIENT_SCOPES");
    expect(at(refused.body, "errors.0.message")).toContain("'public_repo'");
    expect(refused.headers.get("x-oauth-scopes")).toBe("public_repo");
    expect(at((await askGraphql(simulator, VIEWER)).body, "errors")).toBeUndefined();
  });

  test("The viewer can be chosen.", async () => {
    const login = createGitHubSimulator().world.person(12).login;
    const simulator = createGitHubSimulator({ viewer: login });
    expect(at((await askGraphql(simulator, VIEWER)).body, "data.viewer.login")).toBe(login);
    expect(() => createGitHubSimulator({ viewer: "nobody-at-all" })).toThrow("nobody-at-all");
  });
});

test("Statistics count by operation and status, and begin anew when reset.", async () => {
  const seen: string[] = [];
  const simulator = createGitHubSimulator({
    onRequest: ({ operation, ids }) => seen.push(`${operation} ${ids.length}`),
  });
  await askGraphql(simulator, COUNT, { q: "language:Go" });
  await askGraphql(simulator, PEOPLE, { ids: personIds(4) });
  await askRest(simulator, "/users/nobody-at-all");
  expect(simulator.stats()).toMatchObject({
    requests: 3,
    graphqlRequests: 2,
    restRequests: 1,
    points: 2,
    byOperation: {
      search: { requests: 1, points: 1 },
      people: { requests: 1, points: 1 },
      rest: { requests: 1, points: 0 },
    },
    byStatus: { 200: 2, 404: 1 },
  });
  expect(seen).toEqual(["search 0", "people 4", "rest 0"]);
  simulator.resetStats();
  expect(simulator.stats()).toMatchObject({ requests: 0, points: 0, byStatus: {} });
});
