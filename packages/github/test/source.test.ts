import type { RepositoryPage } from "@cmo/engine";
import { describe, expect, test } from "vitest";
import { collect, createScene, errorOf, idsOf } from "./fixture.ts";
import { type ArrivedRequest, answerPeople, badGateway, json } from "./scripted-fetch.ts";

const query = {
  language: "Go",
  topic: null,
  stars: { min: 1, max: null },
  pushedSince: "2026-01-01",
  created: null,
};

/** A search over `total` repositories whose cursor is the number of those before. */
function answerSearch(request: ArrivedRequest, total: number) {
  const first = request.variables.first as number;
  const from = Number(request.variables.after ?? 0);
  const count = Math.max(0, Math.min(first, total - from));
  const nodes = Array.from({ length: count }, (_, index) => ({
    __typename: "Repository",
    id: `R_${from + index + 1}`,
    nameWithOwner: `acme/tool-${from + index + 1}`,
    url: "https://github.example/acme/tool",
    description: "",
    stargazerCount: 9,
    forkCount: 1,
    isArchived: false,
    isFork: false,
    isMirror: false,
    isTemplate: false,
    isEmpty: false,
    pushedAt: "2026-02-01T00:00:00Z",
    createdAt: "2020-01-01T00:00:00Z",
    primaryLanguage: null,
    repositoryTopics: { nodes: [{ topic: { name: "cli" } }] },
    owner: { __typename: "Organization", login: "acme", name: "Acme", websiteUrl: "" },
  }));
  const hasNextPage = from + count < total;
  const pageInfo = { hasNextPage, endCursor: count === 0 ? null : String(from + count) };
  return json({ data: { search: { repositoryCount: total, pageInfo, nodes } } });
}

describe("search", () => {
  test("a page that is too much is put together from smaller ones, and is the same page", async () => {
    const pageOf = async (limit: number) => {
      const scene = createScene((request) =>
        (request.variables.first as number) > limit ? badGateway() : answerSearch(request, 137),
      );
      const pages = [];
      for (let after: string | null = null, more = true; more; ) {
        const page: RepositoryPage = await scene.clock.run(
          scene.source.searchRepositories(query, { first: 50, after }, scene.call),
        );
        pages.push({
          claimed: page.claimed,
          ids: page.repositories.map((repository) => repository.id),
          next: page.next,
        });
        after = page.next;
        more = after !== null;
      }
      return { pages, asked: scene.github.requests.map((request) => request.variables.first) };
    };
    const undisturbed = await pageOf(50);
    const disturbed = await pageOf(20);
    expect(undisturbed.asked).toEqual([50, 50, 50]);
    expect(disturbed.asked.slice(0, 8)).toEqual([50, 25, 12, 12, 12, 12, 2, 12]);
    expect(disturbed.pages).toEqual(undisturbed.pages);
    expect(undisturbed.pages.map((page) => page.ids.length)).toEqual([50, 50, 37]);
  });

  test("a repository is described without what it does not say", async () => {
    const scene = createScene((request) => answerSearch(request, 1));
    const page = await scene.clock.run(
      scene.source.searchRepositories(query, { first: 10, after: null }, scene.call),
    );
    expect(page).toEqual({
      claimed: 1,
      next: null,
      repositories: [
        {
          id: "R_1",
          name: "acme/tool-1",
          url: "https://github.example/acme/tool",
          description: null,
          stars: 9,
          forks: 1,
          isArchived: false,
          isFork: false,
          isMirror: false,
          isTemplate: false,
          isEmpty: false,
          pushedAt: "2026-02-01T00:00:00Z",
          createdAt: "2020-01-01T00:00:00Z",
          language: null,
          topics: ["cli"],
          owner: { type: "organization", login: "acme", name: "Acme", websiteUrl: null },
        },
      ],
    });
    expect(scene.call.tools).toMatchObject([{ tool: "github.search", outcome: { ok: true, cached: false } }]);
  });

  test("S26 it gives up after a bounded number of attempts", async () => {
    const scene = createScene(badGateway);
    const page = scene.source.searchRepositories(query, { first: 50, after: null }, scene.call);
    expect(await errorOf(scene.clock.run(page))).toMatchObject({ code: "source_unavailable" });
    expect(scene.github.requests.map((request) => request.variables.first)).toEqual([
      50, 25, 12, 6, 3, 1, 1, 1, 1, 1,
    ]);
  });
});

describe("activity", () => {
  const authors = [{ id: "U_1", login: "one" }, { id: "U_2", login: "two" }, null];

  /** Histories of `lengths[id]` commits, an hour apart, by three authors in turn; `limit` commits per query at most. */
  function answerHistories(
    request: ArrivedRequest,
    lengths: Record<string, number>,
    limit = Number.POSITIVE_INFINITY,
  ) {
    const { variables } = request;
    const first = variables.first as number;
    const ids =
      (variables.ids as string[] | undefined) ??
      Object.keys(variables)
        .filter((key) => /^id\d/.test(key))
        .map((key) => variables[key] as string);
    if (ids.length * first > limit) return badGateway();
    const nodes = ids.map((id, index) => {
      const from = Number(variables[`after${index}`] ?? 0);
      const length = lengths[id] ?? 0;
      const commits = Array.from({ length: Math.min(first, length - from) }, (_, offset) => ({
        committedDate: new Date(
          Date.parse("2026-02-01T00:00:00Z") - (from + offset) * 3_600_000,
        ).toISOString(),
        author: { user: authors[(from + offset) % 3] },
      }));
      const end = from + commits.length;
      const history = { pageInfo: { hasNextPage: end < length, endCursor: String(end) }, nodes: commits };
      return {
        __typename: "Repository",
        id,
        defaultBranchRef: length === 0 ? null : { target: { __typename: "Commit", history } },
      };
    });
    const data =
      variables.ids === undefined
        ? Object.fromEntries(nodes.map((node, index) => [`r${index}`, node]))
        : { nodes };
    return json({ data });
  }
  const lengths = { R_1: 4, R_2: 0, R_3: 250, R_4: 100 };
  const window = { since: "2025-12-01T00:00:00Z", commitsPerRepository: 100, deep: false };

  test("contributors come with their commits, most first; what is linked to nobody is counted", async () => {
    const scene = createScene((request) => answerHistories(request, lengths));
    const answers = await scene.clock.run(
      collect(scene.source.repositoryActivity(idsOf(4, "R_"), window, scene.call)),
    );
    expect(answers[0]).toEqual({
      id: "R_1",
      missing: null,
      value: {
        commits: 4,
        unlinked: 1,
        truncated: false,
        contributors: [
          { id: "U_1", login: "one", commits: 2, lastCommitAt: "2026-02-01T00:00:00.000Z" },
          { id: "U_2", login: "two", commits: 1, lastCommitAt: "2026-01-31T23:00:00.000Z" },
        ],
      },
    });
    expect(answers.map((answer) => [answer.value?.commits, answer.value?.truncated])).toEqual([
      [4, false],
      [0, false],
      [100, true],
      [100, false],
    ]);
    expect(scene.github.requests).toHaveLength(1);
  });

  test("a smaller depth is read as it is asked for, a greater one in pages", async () => {
    for (const [depth, commits, requests] of [
      [3, 3, 1],
      [150, 150, 2],
      [300, 250, 3],
    ]) {
      const scene = createScene((request) => answerHistories(request, lengths));
      const shallow = { ...window, commitsPerRepository: depth ?? 0 };
      const [answer] = await scene.clock.run(
        collect(scene.source.repositoryActivity(["R_3"], shallow, scene.call)),
      );
      expect(answer?.value).toMatchObject({ commits, truncated: commits !== 250 });
      expect(scene.github.requests).toHaveLength(requests ?? 0);
    }
  });

  test("a deep look pages through several histories at once", async () => {
    const scene = createScene((request) => answerHistories(request, { ...lengths, R_5: 120 }));
    const ids = idsOf(5, "R_");
    const answers = await scene.clock.run(
      collect(scene.source.repositoryActivity(ids, { ...window, deep: true }, scene.call)),
    );
    expect(new Map(answers.map((answer) => [answer.id, answer.value?.commits]))).toEqual(
      new Map([
        ["R_1", 4],
        ["R_2", 0],
        ["R_3", 250],
        ["R_4", 100],
        ["R_5", 120],
      ]),
    );
    expect(answers.every((answer) => answer.value?.truncated === false)).toBe(true);
    expect(scene.github.requests).toHaveLength(3);
    expect(scene.github.requests[1]?.variables).toMatchObject({
      id0: "R_3",
      after0: "100",
      id1: "R_5",
      after1: "100",
    });
  });

  test("a history that is too much even alone is read in smaller pages, and comes to the same", async () => {
    const read = async (limit: number) => {
      const scene = createScene((request) => answerHistories(request, lengths, limit));
      const answers = await scene.clock.run(
        collect(scene.source.repositoryActivity(idsOf(4, "R_"), window, scene.call)),
      );
      return new Map(answers.map((answer) => [answer.id, answer.value]));
    };
    expect(await read(30)).toEqual(await read(1_000));
  });

  test("what is no repository any more is gone", async () => {
    const scene = createScene(() =>
      json({
        data: { nodes: [{ __typename: "User" }, null] },
        errors: [{ type: "NOT_FOUND", path: ["nodes", 1], message: "" }],
      }),
    );
    const answers = await scene.clock.run(
      collect(scene.source.repositoryActivity(idsOf(2, "R_"), window, scene.call)),
    );
    expect(answers.map((answer) => answer.missing)).toEqual(["gone", "gone"]);
  });
});

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
