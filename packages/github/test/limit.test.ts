import { describe, expect, test } from "vitest";
import { asked, collect, createScene, errorOf, readPeople } from "./fixture.ts";
import { answerPeople, json, peopleNodes, quotaHeaders } from "./scripted-fetch.ts";

const inAnHour = (nowMs: number) => nowMs + 3_600_000;
const secondaryText =
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

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

  test("the reset that a refusal names is waited for, also when a later one was known", async () => {
    const scene = createScene((request, ordinal) => {
      const soonMs = scene.startMs + 60_000;
      if (ordinal === 1) return answerPeople(request, quotaHeaders(4_000, inAnHour(scene.startMs)));
      if (ordinal === 2)
        return json({ errors: [{ type: "RATE_LIMITED", message: "" }] }, 200, quotaHeaders(0, soonMs));
      return answerPeople(request, quotaHeaders(4_999, inAnHour(soonMs)));
    });
    expect(await readPeople(scene, 150)).toHaveLength(150);
    expect(asked(scene).atMs).toEqual([0, 0, 61_000]);
    expect(scene.call.of("quota.updated").map(({ remaining }) => remaining)).toEqual([4_000, 0, 4_999]);
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
    expect(scene.github.requests).toHaveLength(1);
    expect(scene.clock.sleeping()).toBe(0);
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
