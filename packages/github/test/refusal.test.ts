import { describe, expect, test } from "vitest";
import { createScene, errorOf, readPeople } from "./fixture.ts";
import { json, peopleNodes, quotaHeaders } from "./scripted-fetch.ts";

const inAnHour = (nowMs: number) => nowMs + 3_600_000;

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
