import { describe, expect, test } from "vitest";
import type { GitHubSourceOptions } from "../src/index.ts";
import { canaryToken, collect, createScene, errorOf, idsOf } from "./fixture.ts";
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

  describe("addresses over REST that were read before", () => {
    /** A GitHub without the scope, whose REST answers have ETags; `emails` may change. */
    function createTagged(emails: Map<number, string | null>, more: Partial<GitHubSourceOptions> = {}) {
      return createScene((request) => {
        if (request.init.method === "POST") {
          return / email /.test(request.document)
            ? json({ data: null, errors: [scopes] })
            : answerPeople(request);
        }
        const id = Number(request.url.split("-")[1]);
        const email = emails.get(id) ?? null;
        const etag = `W/"${id} ${email}"`;
        if (request.init.headers["if-none-match"] === etag)
          return new Response(null, { status: 304, headers: { etag } });
        return json({ id, login: `imaginary-${id}`, email }, 200, { etag });
      }, more);
    }

    async function read(scene: ReturnType<typeof createTagged>, count: number) {
      const answers = await scene.clock.run(collect(scene.source.people(idsOf(count), scene.call)));
      for (const answer of answers) {
        if (answer.missing !== null) continue;
        for (const { key, value } of answer.remember ?? []) scene.call.notes.set(key, value);
      }
      const asked = scene.github.requests.splice(0).filter(({ init }) => init.method === "GET");
      return {
        emails: answers.map(({ value }) => value?.email ?? null),
        sources: answers.map(({ value }) => value?.emailSource ?? null),
        conditional: asked.map(({ init }) => "if-none-match" in init.headers),
      };
    }

    test("are asked for only if they have changed, and then read anew", async () => {
      const emails = new Map([
        [1, "one@people.example"],
        [2, null],
        [3, "three@people.example"],
      ]);
      const scene = createTagged(emails);
      const first = await read(scene, 3);
      expect(first).toEqual({
        emails: ["one@people.example", null, "three@people.example"],
        sources: ["github.rest.user.email", null, "github.rest.user.email"],
        conditional: [false, false, false],
      });
      const before = scene.call.tools.length;
      expect(await read(scene, 3)).toEqual({ ...first, conditional: [true, true, true] });
      // They are requests, which cost nothing.
      expect(scene.call.tools.slice(before + 1).map(({ outcome }) => outcome)).toEqual(
        first.emails.map(() => ({ ok: true, cost: 0, cached: false, error: null })),
      );
      emails.set(2, "two@people.example");
      expect((await read(scene, 3)).emails[1]).toBe("two@people.example");
      expect((await read(scene, 3)).emails[1]).toBe("two@people.example");
    });

    test("are remembered for one token, one person and one host, with a name under which they are found", async () => {
      const scene = createTagged(new Map([[1, "one@people.example"]]));
      await read(scene, 1);
      const [[key, value] = ["", ""]] = [...scene.call.notes];
      expect(key).toMatch(/^etag:[0-9a-f]{16}:https:\/\/api\.github\.example:\/users\/1$/);
      expect(key).not.toContain(canaryToken);
      expect(JSON.parse(value)).toEqual({
        etag: 'W/"1 one@people.example"',
        id: 1,
        nodeId: "U_1",
        login: "imaginary-1",
        email: "one@people.example",
      });
      const other = createTagged(new Map([[1, "one@people.example"]]), { token: "another" });
      other.call.notes.set(key, value);
      expect((await read(other, 1)).conditional).toEqual([false]);
    });

    test.each([
      ["of somebody else", { id: 2 }],
      ["under another login", { login: "imaginary-2" }],
      ["that cannot be read", { etag: 7 }],
    ])("are asked for as if never read when there is a note %s", async (_, change) => {
      const scene = createTagged(new Map([[1, "one@people.example"]]));
      await read(scene, 1);
      for (const [key, value] of scene.call.notes)
        scene.call.notes.set(key, JSON.stringify({ ...JSON.parse(value), ...change }));
      expect(await read(scene, 1)).toMatchObject({ conditional: [false], emails: ["one@people.example"] });
    });

    test("are looked up page by page", async () => {
      const scene = createTagged(new Map());
      let recalled = 0;
      const { recall } = scene.call;
      scene.call.recall = (keys) => {
        recalled += 1;
        return recall(keys);
      };
      await read(scene, 250);
      // One look-up for each page of people.
      expect(recalled).toBe(3);
    });

    test("an unasked 304 is no answer", async () => {
      const scene = createScene((request) => {
        if (request.init.method === "GET") return new Response(null, { status: 304 });
        return / email /.test(request.document)
          ? json({ data: null, errors: [scopes] })
          : answerPeople(request);
      });
      expect(await errorOf(scene.clock.run(collect(scene.source.people(["U_1"], scene.call))))).toMatchObject(
        { code: expect.stringMatching(/^source_/) },
      );
    });
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
        access: { credentials: expect.stringMatching(/^[0-9a-f]{16}$/), withProfile: true },
      });
      expect(scene.call.tools.map((tool) => tool.tool)).toEqual(["github.preflight", "github.preflight"]);
    });

    test("is not needed again after a restart, for the same token", async () => {
      const answer = (request: ArrivedRequest) => {
        if (request.init.method === "GET") return json({ id: 1, login: "imaginary-1", email: null });
        return request.variables.ids === undefined ? answerPreflight(request, false) : answerPeople(request);
      };
      const before = createScene(answer);
      const preflight = await before.clock.run(before.source.preflight(before.call));
      const { access } = JSON.parse(JSON.stringify(preflight));
      expect(JSON.stringify(access)).not.toContain(canaryToken);
      for (const [options, known, asksForEmail] of [
        [{}, access, false],
        [{}, undefined, true],
        [{}, { credentials: 5 }, true],
        [{ token: "another" }, access, true],
      ] as const) {
        const after = createScene(answer, options);
        after.source.recallPreflight?.(known);
        await after.clock.run(collect(after.source.people(["U_1"], after.call)));
        expect(after.github.requests.some(({ document }) => / email /.test(document))).toBe(asksForEmail);
      }
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
