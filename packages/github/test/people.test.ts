import { describe, expect, test } from "vitest";
import { collect, createScene, errorOf, idsOf } from "./fixture.ts";
import { type ArrivedRequest, answerPeople, json } from "./scripted-fetch.ts";

describe("people", () => {
  const scopes = {
    type: "INSUFFICIENT_SCOPES",
    message:
      "Your token has not been granted the required scopes to execute this query. The 'email' field requires one of the following scopes: ['user:email', 'read:user'].",
  };

  test("a profile says nothing where the person says nothing", async () => {
    const scene = createScene((request) => answerPeople(request));
    const [answer] = await scene.clock.run(collect(scene.source.people(["U_7"], scene.call)));
    expect(answer?.value).toMatchObject({
      id: "U_7",
      login: "imaginary-7",
      email: "ima7@people.example",
      emailSource: "github.user.email",
      company: null,
      bio: null,
      status: null,
      followers: 7,
      fetchedAt: new Date(scene.startMs).toISOString(),
    });
  });

  test("the same id asked for twice is answered once", async () => {
    const scene = createScene((request) => answerPeople(request));
    expect(
      await scene.clock.run(collect(scene.source.people(["U_1", "U_2", "U_1"], scene.call))),
    ).toHaveLength(2);
  });

  test("without the scope addresses come from REST, one request each, and GraphQL is not asked for them again", async () => {
    const scene = createScene(async (request) => {
      if (request.init.method === "POST") {
        return / email /.test(request.document)
          ? json({ data: null, errors: [scopes] })
          : answerPeople(request);
      }
      await scene.clock.sleep(100);
      const number = Number(request.url.split("-")[1]);
      if (number === 2) return json({ message: "Not Found" }, 404);
      // Somebody else has taken the login meanwhile.
      if (number === 3) return json({ id: 999, login: "imaginary-3", email: "other@people.example" });
      return json({
        id: number,
        login: `imaginary-${number}`,
        email: number === 4 ? null : "me@people.example",
      });
    });
    const answers = await scene.clock.run(collect(scene.source.people(idsOf(5), scene.call)));
    expect(answers.map(({ id, value, missing }) => [id, missing, value?.email, value?.emailSource])).toEqual([
      ["U_1", null, "me@people.example", "github.rest.user.email"],
      ["U_2", "gone", undefined, undefined],
      ["U_3", "gone", undefined, undefined],
      ["U_4", null, null, null],
      ["U_5", null, "me@people.example", "github.rest.user.email"],
    ]);
    expect(scene.github.peak()).toBe(2);
    await scene.clock.run(collect(scene.source.people(["U_1"], scene.call)));
    expect(scene.github.requests.filter((request) => / email /.test(request.document))).toHaveLength(1);
    expect(scene.call.tools.map((tool) => tool.tool).slice(0, 3)).toEqual([
      "github.people",
      "github.people",
      "github.rest.user",
    ]);
    expect(scene.github.requests.at(-1)?.url).toBe("https://api.github.example/users/imaginary-1");
  });

  test("a token that is refused the address person by person is treated the same", async () => {
    const scene = createScene((request) => {
      if (request.init.method === "GET")
        return json({ id: 1, login: "imaginary-1", email: "me@people.example" });
      if (!/ email /.test(request.document)) return answerPeople(request);
      return json({
        data: { nodes: [null] },
        errors: [{ type: "FORBIDDEN", path: ["nodes", 0, "email"], message: "Resource not accessible" }],
      });
    });
    const [answer] = await scene.clock.run(collect(scene.source.people(["U_1"], scene.call)));
    expect(answer?.value?.email).toBe("me@people.example");
  });

  test("a renamed person's REST address is reached through GitHub's redirect", async () => {
    const scene = createScene((request) => {
      if (request.url.endsWith("/users/imaginary-1"))
        return new Response(null, { status: 301, headers: { location: "/user/1" } });
      if (request.url.endsWith("/user/1"))
        return json({ id: 1, login: "renamed", email: "me@people.example" });
      return / email /.test(request.document)
        ? json({ data: null, errors: [scopes] })
        : answerPeople(request);
    });
    const [answer] = await scene.clock.run(collect(scene.source.people(["U_1"], scene.call)));
    expect(answer?.value?.email).toBe("me@people.example");
    expect(scene.call.tools.map((tool) => tool.outcome?.error)).toEqual([
      "insufficient_scopes",
      null,
      "redirected",
      null,
    ]);
  });

  test("another missing scope is an error that names it", async () => {
    const scene = createScene(() =>
      json({
        data: null,
        errors: [{ ...scopes, message: "requires one of the following scopes: ['read:org']" }],
      }),
    );
    expect(await errorOf(scene.clock.run(collect(scene.source.people(["U_1"], scene.call))))).toMatchObject({
      code: "missing_scope",
      message: expect.stringContaining("read:org"),
    });
  });

  describe("the preflight", () => {
    const answerPreflight = (request: ArrivedRequest, mayReadEmail: boolean) =>
      request.variables.login === undefined
        ? json({ data: { viewer: { id: "U_1", login: "operator" } } }, 200, {
            "x-oauth-scopes": mayReadEmail ? "user:email" : "",
          })
        : json(
            mayReadEmail ? { data: { user: { id: "U_1", email: "" } } } : { data: null, errors: [scopes] },
          );

    test("says nothing when nothing is missing", async () => {
      const scene = createScene((request) => answerPreflight(request, true));
      const preflight = await scene.clock.run(scene.source.preflight(scene.call));
      expect(preflight).toEqual({
        viewer: expect.stringMatching(/^api\.github\.example\/[0-9a-f]{16}$/),
        notes: [],
      });
      expect(scene.call.tools.map((tool) => tool.tool)).toEqual(["github.preflight", "github.preflight"]);
    });

    test("names the scope that would save requests, and addresses are then read over REST from the start", async () => {
      const scene = createScene((request) => {
        if (request.init.method === "GET") return json({ id: 1, login: "imaginary-1", email: null });
        return request.variables.ids === undefined ? answerPreflight(request, false) : answerPeople(request);
      });
      const preflight = await scene.clock.run(scene.source.preflight(scene.call));
      expect(preflight.notes).toEqual([
        { code: "source.scope.email", message: expect.stringContaining("user:email") },
      ]);
      await scene.clock.run(collect(scene.source.people(["U_1"], scene.call)));
      expect(scene.github.requests.some((request) => / email /.test(request.document))).toBe(false);
    });
  });

  test("what a request carries is what GitHub asks for", async () => {
    const scene = createScene((request) => answerPeople(request), { userAgent: "cmo/0.1.0" });
    await scene.clock.run(collect(scene.source.people(["U_1"], scene.call)));
    expect(scene.github.requests[0]?.url).toBe("https://api.github.example/graphql");
    expect(scene.github.requests[0]?.init).toMatchObject({
      redirect: "manual",
      headers: { "x-github-api-version": "2022-11-28", "user-agent": "cmo/0.1.0" },
    });
  });
});
