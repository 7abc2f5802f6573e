import { describe, expect, test } from "vitest";
import { asked, createScene, errorOf, idsOf, readPeople } from "./fixture.ts";
import { answerPeople, badGateway, json, peopleNodes } from "./scripted-fetch.ts";

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
      expect(scene.clock.sleeping()).toBe(0);
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
