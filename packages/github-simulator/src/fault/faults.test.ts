import { describe, expect, test } from "vitest";
import { askGraphql, askRest, at, listAt, personIds, repositoryIds } from "../../test/ask-simulator.ts";
import { createFakeClock } from "../../test/fake-clock.ts";
import { ACTIVITY, COUNT, DISCOVER, PEOPLE } from "../../test/query-document.ts";
import { createGitHubSimulator } from "../simulator/create-simulator.ts";
import type { FaultRule, FaultScript } from "./fault-rule.ts";

const SINCE = "2026-08-03T00:00:00Z";

function simulate(faults: FaultScript, options: { seed?: number } = {}) {
  const clock = createFakeClock();
  const simulator = createGitHubSimulator({ repositories: 300, clock, faults, ...options });
  return {
    clock,
    simulator,
    search: () => askGraphql(simulator, COUNT, { q: "language:Go" }),
    people: (ids = personIds(20)) => askGraphql(simulator, PEOPLE, { ids }),
    history: (ids = repositoryIds(10)) => askGraphql(simulator, ACTIVITY, { ids, since: SINCE, n: 50 }),
  };
}

describe("when a fault fires", () => {
  const statuses = async (rule: Omit<FaultRule, "fault">, count = 6) => {
    const { search } = simulate([{ fault: "bad_gateway", ...rule }]);
    const seen: number[] = [];
    for (let index = 0; index < count; index += 1) seen.push((await search()).status);
    return seen;
  };

  test("at the n-th request, at every n-th, always, and so many times", async () => {
    expect(await statuses({ at: 2 })).toEqual([200, 502, 200, 200, 200, 200]);
    expect(await statuses({ every: 3 })).toEqual([200, 200, 502, 200, 200, 502]);
    expect(await statuses({})).toEqual([502, 502, 502, 502, 502, 502]);
    expect(await statuses({ times: 2 })).toEqual([502, 502, 200, 200, 200, 200]);
    expect(await statuses({ every: 2, times: 1 })).toEqual([200, 502, 200, 200, 200, 200]);
  });

  test("at a rate, the same requests each time, others with another seed", async () => {
    const hits = async (seed: number) => {
      const { search } = simulate({ bad_gateway: 0.25 }, { seed });
      const seen: number[] = [];
      for (let index = 0; index < 200; index += 1) if ((await search()).status === 502) seen.push(index);
      return seen;
    };
    const first = await hits(1);
    expect(first.length).toBeGreaterThan(30);
    expect(first.length).toBeLessThan(75);
    expect(await hits(1)).toEqual(first);
    expect(await hits(2)).not.toEqual(first);
  });

  test("only for its operation, counted by itself, whatever runs beside it", async () => {
    const { search, people, history } = simulate([{ fault: "bad_gateway", operation: "people", at: 2 }]);
    expect(
      [await people(), await search(), await history(), await people(), await people()].map(
        ({ status }) => status,
      ),
    ).toEqual([200, 200, 200, 502, 200]);
  });

  test("A rate meets the same requests of an operation however others interleave.", async () => {
    const faults: FaultScript = [{ fault: "bad_gateway", rate: 0.4 }];
    const alone = simulate(faults);
    const mixed = simulate(faults);
    const first: number[] = [];
    const second: number[] = [];
    for (let index = 0; index < 12; index += 1) {
      first.push((await alone.people([])).status);
      await mixed.search();
      second.push((await mixed.people([])).status);
    }
    expect(second).toEqual(first);
  });
});

describe("faults of the connection", () => {
  test("bad_gateway is HTML from the edge", async () => {
    const answer = await simulate({ bad_gateway: {} }).search();
    expect([
      answer.status,
      answer.headers.get("content-type"),
      answer.headers.has("x-github-request-id"),
    ]).toEqual([502, "text/html", true]);
    expect(answer.text).toContain("502 Bad Gateway");
  });

  test("socket_reset rejects as fetch does, after the points were charged", async () => {
    const { search, simulator } = simulate([{ fault: "socket_reset", at: 1 }]);
    const failure = await search().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TypeError);
    expect(failure).toMatchObject({ message: "fetch failed", cause: { code: "ECONNRESET" } });
    expect(simulator.stats()).toMatchObject({ requests: 1, points: 1, byStatus: { none: 1 } });
    expect((await search()).status).toBe(200);
  });

  test("slow delays the answer by the clock and changes nothing else", async () => {
    const { search, clock } = simulate([{ fault: "slow", at: 1, delayMs: 5000 }]);
    let status = 0;
    const answer = search().then((value) => {
      status = value.status;
    });
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(4999);
    expect(status).toBe(0);
    await clock.advance(1);
    await answer;
    expect(status).toBe(200);
  });

  test("redirect sends elsewhere; in the process there is nothing there", async () => {
    const { search, simulator } = simulate([
      { fault: "redirect", location: "https://thief.example/graphql", status: 302 },
    ]);
    const answer = await search();
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "https://thief.example/graphql"]);
    await expect(askRest(simulator, "/user")).rejects.toMatchObject({
      message: "fetch failed",
      cause: { code: "ENOTFOUND" },
    });
    await expect(simulator.fetch("https://api.github.test/user", { redirect: "error" })).rejects.toThrow(
      "fetch failed",
    );
  });
});

describe("faults of limits", () => {
  test("rate_limited empties the bucket until its reset; whoever goes on is refused and counted", async () => {
    const { search, clock, simulator } = simulate([{ fault: "rate_limited", at: 2, resetAfterSeconds: 30 }]);
    await search();
    const limited = await search();
    expect(at(limited.body, "errors.0.type")).toBe("RATE_LIMITED");
    expect(limited.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(limited.headers.get("x-ratelimit-reset")).toBe(String(clock.now() / 1000 + 30));
    expect(at((await search()).body, "errors.0.type")).toBe("RATE_LIMITED");
    expect(simulator.stats().requestsWhileLimited).toBe(1);
    await clock.advance(30_000);
    expect(at((await search()).body, "errors")).toBeUndefined();
  });

  test("rate_limited on REST is a 403 with nothing remaining", async () => {
    const { simulator } = simulate([{ fault: "rate_limited", operation: "rest", at: 1 }]);
    const answer = await askRest(simulator, "/user");
    expect([answer.status, answer.headers.get("x-ratelimit-remaining")]).toEqual([403, "0"]);
  });

  test.each([
    ["with", 7, "7", 7],
    ["without", null, null, 60],
  ])("secondary_limit %s Retry-After lasts that long", async (_, retryAfterSeconds, header, seconds) => {
    const { search, clock, simulator } = simulate([{ fault: "secondary_limit", at: 1, retryAfterSeconds }]);
    const answer = await search();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([403, header]);
    expect(at(answer.body, "message")).toContain("secondary rate limit");
    expect(Number(answer.headers.get("x-ratelimit-remaining"))).toBeGreaterThan(0);
    await clock.advance(seconds * 1000 - 1);
    expect((await search()).status).toBe(403);
    await clock.advance(1);
    expect((await search()).status).toBe(200);
    expect(simulator.stats().requestsWhileLimited).toBe(1);
  });

  test("too_many_requests is a 429 with Retry-After: 2 (S26)", async () => {
    const { search, clock } = simulate([{ fault: "too_many_requests", at: 1 }]);
    const answer = await search();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "2"]);
    await clock.advance(2000);
    expect((await search()).status).toBe(200);
  });
});

describe("faults of answers", () => {
  test("timeout_message is a 200 that says so, with the request's id", async () => {
    const answer = await simulate({ timeout_message: {} }).search();
    expect(answer.status).toBe(200);
    expect(at(answer.body, "errors.0.message")).toContain("This may be the result of a timeout");
    expect(at(answer.body, "errors.0.message")).toContain(answer.headers.get("x-github-request-id"));
  });

  test("resource_limits keeps a part, with nulls where the paths of its errors say", async () => {
    const { history } = simulate([{ fault: "resource_limits", at: 1 }]);
    const partial = await history();
    const errors = listAt(partial.body, "errors");
    const nodes = listAt(partial.body, "data.nodes");
    expect(errors.every((error) => at(error, "type") === "RESOURCE_LIMITS_EXCEEDED")).toBe(true);
    const failed = new Set(errors.map((error) => Number(listAt(error, "path")[1])));
    expect(failed.size).toBeGreaterThan(0);
    expect(failed.size).toBeLessThan(10);
    for (const [index, node] of nodes.entries()) {
      const isEmpty = node !== null && at(node, "defaultBranchRef") === null;
      const target = node === null || isEmpty ? null : at(node, "defaultBranchRef.target");
      expect(target === null && !isEmpty).toBe(failed.has(index));
    }
    expect(at((await history()).body, "errors")).toBeUndefined();
  });

  test("resource_limits meets other parts each time, so that asking again for what is missing gets on", async () => {
    const { people } = simulate({ resource_limits: {} });
    const failed = async () =>
      listAt((await people()).body, "errors").map((error) => listAt(error, "path")[1]);
    expect(await failed()).not.toEqual(await failed());
  });

  test("resource_limits also meets profiles and searches", async () => {
    const { people, simulator } = simulate({ resource_limits: {} });
    expect(at((await people()).body, "errors.0.type")).toBe("RESOURCE_LIMITS_EXCEEDED");
    const found = await askGraphql(simulator, DISCOVER, { q: "stars:>=0", n: 20 });
    expect(listAt(found.body, "data.search.nodes").filter((node) => node === null).length).toBe(
      listAt(found.body, "errors").length,
    );
  });

  test("not_found_ids takes the same people away each time, each with an error at its path (S28)", async () => {
    const { people, simulator } = simulate([{ fault: "not_found_ids", share: 0.2 }]);
    const gone = async () => {
      const { body } = await people(personIds(100));
      const missing = listAt(body, "data.nodes").flatMap((node, index) => (node === null ? [index] : []));
      expect(listAt(body, "errors").map((error) => listAt(error, "path")[1])).toEqual(missing);
      expect(at(body, "errors.0.type")).toBe("NOT_FOUND");
      return missing;
    };
    const first = await gone();
    expect(first.length).toBeGreaterThan(8);
    expect(first.length).toBeLessThan(35);
    expect(await gone()).toEqual(first);
    const login = simulator.world.person(first[0] ?? 0).login;
    expect((await askRest(simulator, `/users/${login}`)).status).toBe(404);
  });

  test("not_found_ids can name them", async () => {
    const [, second = ""] = personIds(3);
    const { people } = simulate([{ fault: "not_found_ids", ids: [second] }]);
    expect(listAt((await people(personIds(3))).body, "data.nodes").map((node) => node === null)).toEqual([
      false,
      true,
      false,
    ]);
  });

  test("empty_repository takes the default branch away", async () => {
    const { history } = simulate([{ fault: "empty_repository", ids: repositoryIds(2) }]);
    const nodes = listAt((await history(repositoryIds(3))).body, "data.nodes");
    expect(nodes.map((node) => at(node, "defaultBranchRef") === null)).toEqual([true, true, false]);
  });

  test("missing_scope fails a query for addresses as a whole", async () => {
    const { people, search } = simulate({ missing_scope: {} });
    const answer = await people();
    expect([at(answer.body, "data"), at(answer.body, "errors.0.type")]).toEqual([
      null,
      "INSUFFICIENT_SCOPES",
    ]);
    expect((await search()).headers.get("x-oauth-scopes")).toBe("");
  });

  test("revoked_token is a 401 from the n-th request on", async () => {
    const { search } = simulate([{ fault: "revoked_token", at: 2 }]);
    expect([await search(), await search(), await search()].map(({ status }) => status)).toEqual([
      200, 401, 401,
    ]);
  });

  test("forbidden is a 403 that is no limit", async () => {
    const answer = await simulate({ forbidden: {} }).search();
    expect([answer.status, at(answer.body, "message")]).toEqual([
      403,
      "Resource not accessible by personal access token",
    ]);
    expect(answer.headers.get("retry-after")).toBeNull();
    expect(Number(answer.headers.get("x-ratelimit-remaining"))).toBeGreaterThan(0);
  });
});
