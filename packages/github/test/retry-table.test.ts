import { describe, expect, test } from "vitest";
import { collect, createScene, errorOf, idsOf } from "./fixture.ts";
import { answerPeople, badGateway, json, peopleNodes, quotaHeaders } from "./scripted-fetch.ts";

const inAnHour = (nowMs: number) => nowMs + 3_600_000;
const secondaryText =
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

/** The sizes of the batches that were asked for, and when, in milliseconds since the first. */
function asked(scene: ReturnType<typeof createScene>) {
  return {
    sizes: scene.github.requests.map(
      (request) => (request.variables.ids as string[] | undefined)?.length ?? 0,
    ),
    atMs: scene.github.requests.map((request) => request.atMs - scene.startMs),
  };
}

async function readPeople(scene: ReturnType<typeof createScene>, count: number) {
  return scene.clock.run(collect(scene.source.people(idsOf(count), scene.call)));
}

describe("limits", () => {
  test("S26 a 429 with Retry-After: 2 is asked again after 2 s, at the same size", async () => {
    const scene = createScene((request, ordinal) =>
      ordinal === 1 ? json({ message: "Slow down" }, 429, { "retry-after": "2" }) : answerPeople(request),
    );
    expect(await readPeople(scene, 3)).toHaveLength(3);
    expect(asked(scene)).toEqual({ sizes: [3, 3], atMs: [0, 2_000] });
    const until = new Date(scene.startMs + 2_000).toISOString();
    expect(scene.call.of("quota.waiting")).toEqual([
      { resource: "graphql", until, reason: "secondary_limit" },
    ]);
    expect(scene.call.tools.map((tool) => tool.outcome?.error)).toEqual(["secondary_limit", null]);
  });

  test.each([
    [
      "REST's way: 403 and nothing left",
      (headers: Record<string, string>) =>
        json({ message: "API rate limit exceeded for user ID 1." }, 403, headers),
    ],
    [
      "GraphQL's way: 200 and RATE_LIMITED",
      (headers: Record<string, string>) =>
        json({ errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }] }, 200, headers),
    ],
    ["429 and nothing left", (headers: Record<string, string>) => json({ message: "" }, 429, headers)],
  ])("S26 the primary limit waits until its reset and a second, visibly. %s", async (_, limited) => {
    const scene = createScene((request, ordinal) => {
      const resetAtMs = inAnHour(scene.startMs);
      return ordinal === 1 ? limited(quotaHeaders(0, resetAtMs)) : answerPeople(request);
    });
    await readPeople(scene, 2);
    expect(asked(scene).atMs).toEqual([0, 3_601_000]);
    const until = new Date(scene.startMs + 3_601_000).toISOString();
    expect(scene.call.of("quota.waiting")).toEqual([{ resource: "graphql", until, reason: "primary_limit" }]);
    expect(scene.call.of("quota.updated")).toEqual([
      {
        resource: "graphql",
        limit: 5000,
        remaining: 0,
        resetAt: new Date(inAnHour(scene.startMs)).toISOString(),
      },
    ]);
  });

  test("S27 an answer that took the last of the quota is kept, and the next request waits", async () => {
    const scene = createScene((request, ordinal) =>
      answerPeople(
        request,
        quotaHeaders(ordinal === 1 ? 0 : 4_999, inAnHour(scene.startMs + (ordinal - 1) * 3_600_000)),
      ),
    );
    expect(await readPeople(scene, 150)).toHaveLength(150);
    expect(asked(scene)).toEqual({ sizes: [100, 50], atMs: [0, 3_601_000] });
  });

  test("the quota is read from rateLimit where headers say nothing, and told when it changes", async () => {
    const resetAt = "2026-03-01T00:30:00Z";
    const scene = createScene((request, ordinal) => {
      const remaining = ordinal === 3 ? 40 : 50 - ordinal;
      return json({
        data: {
          nodes: peopleNodes(request),
          rateLimit: { cost: 7, limit: 60, remaining, resetAt, nodeCount: 100 },
        },
      });
    });
    await readPeople(scene, 300);
    expect(scene.call.of("quota.updated").map((data) => data.remaining)).toEqual([49, 48, 40]);
    expect(scene.call.tools.map((tool) => tool.outcome?.cost)).toEqual([7, 7, 7]);
  });

  test.each([
    [403, undefined],
    [200, "errors"],
  ])(
    "a secondary limit (%s) without Retry-After waits 60 s, then twice as long each time, then gives up",
    async (status, form) => {
      const body = form === undefined ? { message: secondaryText } : { errors: [{ message: secondaryText }] };
      const scene = createScene(() => json(body, status));
      const error = await errorOf(readPeople(scene, 1));
      expect(asked(scene).atMs).toEqual([0, 60_000, 180_000, 420_000, 900_000]);
      expect(error).toMatchObject({
        code: "rate_limited",
        retryable: true,
        retryAfterMs: 960_000,
        hint: expect.any(String),
      });
    },
  );

  test("S27 a request that waited for its slot looks again: none starts while another's limit lasts", async () => {
    const scene = createScene(async (request, ordinal) => {
      await scene.clock.sleep(200);
      return ordinal === 1
        ? json({ message: secondaryText }, 403, { "retry-after": "30" })
        : answerPeople(request);
    });
    const calls = [1, 2, 3, 4, 5, 6].map((number) =>
      collect(scene.source.people([`U_${number}`], scene.call)),
    );
    expect((await scene.clock.run(Promise.all(calls))).flat()).toHaveLength(6);
    expect(scene.github.peak()).toBe(2);
    // 1 and 2 together; 1 is refused at 200 ms; everything else later, and one at a time since concurrency was halved.
    expect(asked(scene).atMs).toEqual([0, 0, 30_200, 30_400, 30_600, 30_800, 31_000]);
  });

  test("a wait of more than two hours is not waited for but told", async () => {
    const scene = createScene(() => json({}, 429, { "retry-after": "86400" }));
    expect(await errorOf(readPeople(scene, 1))).toMatchObject({
      code: "rate_limited",
      retryAfterMs: 86_400_000,
    });
    expect(scene.clock.pendingSleeps()).toBe(0);
  });

  test("Retry-After may be a date", async () => {
    const scene = createScene((request, ordinal) =>
      ordinal === 1
        ? json({}, 429, { "retry-after": new Date(scene.startMs + 5_000).toUTCString() })
        : answerPeople(request),
    );
    await readPeople(scene, 1);
    expect(asked(scene).atMs).toEqual([0, 5_000]);
  });
});

describe("too much at once", () => {
  const queryTimeout = () =>
    json({
      data: null,
      errors: [
        {
          message:
            "Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug.",
        },
      ],
    });

  test.each([
    ["502 with HTML", badGateway],
    ["504", () => new Response("Gateway Time-out", { status: 504 })],
    ["a 200 that says it timed out", queryTimeout],
    [
      "a broken connection",
      () =>
        Object.assign(new TypeError("fetch failed"), {
          cause: Object.assign(new Error("x"), { code: "ECONNRESET" }),
        }),
    ],
    ["no answer at all", () => "hang" as const],
    ["half an answer", () => new Response('{"data":{"nod', { status: 200 })],
    [
      "RESOURCE_LIMITS_EXCEEDED for all of it",
      () =>
        json({
          data: null,
          errors: [{ type: "RESOURCE_LIMITS_EXCEEDED", message: "Resource limits for this query exceeded." }],
        }),
    ],
  ])(
    "S26 %s: half of it is asked for, never the same size again, and the size is remembered",
    async (_, failing) => {
      const scene = createScene((request) =>
        (request.variables.ids as string[]).length > 30 ? failing() : answerPeople(request),
      );
      const answers = await readPeople(scene, 100);
      expect(new Set(answers.map((answer) => answer.id)).size).toBe(100);
      expect(asked(scene).sizes).toEqual([100, 50, 25, 25, 25, 25]);
      expect(scene.source.batchSize("people")).toBe(25);
      expect(scene.source.batchSize("activity")).toBe(10);
      expect(scene.call.of("log").map((data) => data.code)).toEqual(["source.retry", "source.retry"]);
      expect(scene.clock.pendingSleeps()).toBe(0);
    },
  );

  test("S26 it ends: a GitHub that stays away is asked a bounded number of times, with growing pauses", async () => {
    const scene = createScene(badGateway);
    const error = await errorOf(readPeople(scene, 100));
    expect(error).toMatchObject({ code: "source_unavailable", retryable: true, hint: expect.any(String) });
    expect(asked(scene).sizes).toEqual([100, 50, 25, 12, 6, 3, 1, 1, 1, 1, 1]);
    expect(scene.clock.sleeps.filter((ms) => ms !== 15_000)).toEqual([
      750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500, 22_500, 22_500, 22_500,
    ]);
  });

  test("without a connection it is not asked for less, and says where to look", async () => {
    const refused = Object.assign(new TypeError("fetch failed"), {
      cause: Object.assign(new Error(), { code: "ECONNREFUSED" }),
    });
    const scene = createScene(() => refused);
    const error = await errorOf(readPeople(scene, 100));
    expect(error).toMatchObject({
      code: "source_unavailable",
      message: expect.stringContaining("ECONNREFUSED"),
      hint: expect.stringContaining("GITHUB_API_URL"),
    });
    expect(asked(scene).sizes).toEqual([100, 100, 100, 100, 100]);
  });

  test("what is not an answer at all ends as source_answer_invalid", async () => {
    const scene = createScene(() => new Response("<html>Sign in to the airport</html>"));
    expect(await errorOf(readPeople(scene, 1))).toMatchObject({
      code: "source_answer_invalid",
      hint: expect.stringContaining("proxy"),
    });
  });

  test("an answer of an unknown shape is an error that names the place and is not repeated", async () => {
    const scene = createScene(() =>
      json({ data: { nodes: [{ __typename: "User", id: "U_1", databaseId: 1 }] } }),
    );
    expect(await errorOf(readPeople(scene, 1))).toMatchObject({
      code: "source_answer_invalid",
      message: expect.stringContaining("login"),
    });
    expect(scene.github.requests).toHaveLength(1);
  });

  test("RESOURCE_LIMITS_EXCEEDED in part: what came is kept, the rest is asked for in smaller pieces", async () => {
    const scene = createScene(async (request) => {
      const ids = request.variables.ids as string[];
      const errors = ids.flatMap((_, index) =>
        index < 4
          ? []
          : [
              {
                type: "RESOURCE_LIMITS_EXCEEDED",
                path: ["nodes", index, "followers"],
                message: "Resource limits",
              },
            ],
      );
      return json({
        data: {
          nodes: peopleNodes(request).map((node: unknown, index: number) => (index < 4 ? node : null)),
        },
        errors,
      });
    });
    const answers = await readPeople(scene, 10);
    expect(answers.map((answer) => [answer.id, answer.missing])).toEqual(idsOf(10).map((id) => [id, null]));
    expect(asked(scene).sizes).toEqual([10, 5, 2]);
    expect(scene.github.requests.map((request) => request.variables.ids)).toEqual([
      idsOf(10),
      ["U_5", "U_6", "U_7", "U_8", "U_9"],
      ["U_9", "U_10"],
    ]);
  });

  test("one that is too much even alone is unavailable and does not stop the others", async () => {
    const scene = createScene((request) => {
      const ids = request.variables.ids as string[] | undefined;
      if (ids === undefined) return json({ data: { rateLimit: null } });
      return ids.includes("U_3") ? queryTimeout() : answerPeople(request);
    });
    const answers = await readPeople(scene, 8);
    expect(answers.filter((answer) => answer.missing !== null)).toEqual([
      { id: "U_3", value: null, missing: "unavailable" },
    ]);
    expect(answers).toHaveLength(8);
  });
});

describe("one among many", () => {
  test("S28 accounts that are gone cost only themselves", async () => {
    const scene = createScene(async (request) => {
      const nodes = peopleNodes(request).map((node: unknown, index: number) =>
        index === 41 || index === 99 ? null : node,
      );
      const errors = [41, 99].map((index) => ({
        type: "NOT_FOUND",
        path: ["nodes", index],
        message: `Could not resolve to a node with the global id of 'U_${index + 1}'`,
      }));
      return json({ data: { nodes }, errors });
    });
    const answers = await readPeople(scene, 100);
    expect(answers).toHaveLength(100);
    expect(
      answers.filter((answer) => answer.missing !== null).map((answer) => [answer.id, answer.missing]),
    ).toEqual([
      ["U_42", "gone"],
      ["U_100", "gone"],
    ]);
    expect(scene.github.requests).toHaveLength(1);
    expect(scene.call.tools[0]?.outcome).toEqual({ ok: true, cost: 0, cached: false, error: null });
  });

  test("S28 the only account asked for is gone: GitHub then sends no data at all", async () => {
    const scene = createScene(() =>
      json({ data: { nodes: [null] }, errors: [{ type: "NOT_FOUND", path: ["nodes", 0], message: "no" }] }),
    );
    expect(await readPeople(scene, 1)).toEqual([{ id: "U_1", value: null, missing: "gone" }]);
  });

  test("an organization or a bot is not a person; one that may not be seen is unavailable", async () => {
    const scene = createScene(() =>
      json({
        data: { nodes: [{ __typename: "Organization" }, { __typename: "Bot" }, null] },
        errors: [
          {
            type: "FORBIDDEN",
            path: ["nodes", 2],
            message: "Resource protected by organization SAML enforcement.",
          },
        ],
      }),
    );
    expect((await readPeople(scene, 3)).map((answer) => answer.missing)).toEqual([
      "not_a_person",
      "not_a_person",
      "unavailable",
    ]);
  });
});

describe("refusals", () => {
  test("S26 a bad token fails at the first request and names the variable", async () => {
    const scene = createScene(() => json({ message: "Bad credentials" }, 401, quotaHeaders(59, 1)));
    expect(await errorOf(readPeople(scene, 100))).toMatchObject({
      code: "unauthenticated",
      retryable: false,
      hint: expect.stringContaining("GITHUB_TOKEN"),
      message: expect.stringContaining("ABCD:1234:5678"),
    });
    expect(scene.github.requests).toHaveLength(1);
  });

  test("S26 a permission 403 fails at once and names the scope", async () => {
    const headers = { "x-accepted-oauth-scopes": "read:user, user", "x-oauth-scopes": "gist" };
    const scene = createScene(() => json({ message: "Must have admin rights." }, 403, headers));
    expect(await errorOf(readPeople(scene, 1))).toMatchObject({
      code: "missing_scope",
      message: expect.stringContaining("read:user or user"),
      hint: expect.stringContaining("read:user"),
    });
    expect(scene.github.requests).toHaveLength(1);
  });

  test("S26 a 403 without scopes fails at once, even when it happens to be the last of the quota", async () => {
    const scene = createScene(() =>
      json(
        { message: "Resource not accessible by personal access token" },
        403,
        quotaHeaders(0, inAnHour(scene.startMs)),
      ),
    );
    expect(await errorOf(readPeople(scene, 1))).toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("not accessible"),
    });
    expect(scene.github.requests).toHaveLength(1);
  });

  test.each([
    [404, { message: "Not Found" }, "GITHUB_API_URL"],
    [410, { message: "API version gone" }, "GITHUB_API_URL"],
    [422, { message: "Unprocessable" }, "GITHUB_API_URL"],
    [200, { errors: [{ message: "Field 'isEmpty' doesn't exist on type 'Repository'" }] }, "Enterprise"],
  ])("%s %j is not asked again", async (status, body, hint) => {
    const scene = createScene(() => json(body, status));
    expect(await errorOf(readPeople(scene, 1))).toMatchObject({
      code: "source_rejected",
      retryable: false,
      hint: expect.stringContaining(hint),
    });
    expect(scene.github.requests).toHaveLength(1);
  });
});
