import { describe, expect, test } from "vitest";
import { askGraphql, at, listAt, personIds, repositoryIds } from "../../test/ask-simulator.ts";
import { ACTIVITY, COUNT, DISCOVER, MAINTAINERS, PEOPLE } from "../../test/query-document.ts";
import { createGitHubSimulator } from "../simulator/create-simulator.ts";
import { encodeNodeId } from "../world/node-id.ts";

const simulator = createGitHubSimulator({ repositories: 400 });
const { world } = simulator;
const SINCE = "2026-08-03T00:00:00Z";

describe("the documents of a campaign", () => {
  test("Discover pages through a search in its order and costs one point.", async () => {
    const variables = { q: "language:Python stars:10..50000 sort:stars-desc", n: 20 };
    const first = await askGraphql(simulator, DISCOVER, variables);
    expect(at(first.body, "errors")).toBeUndefined();
    const after = at(first.body, "data.search.pageInfo.endCursor");
    const second = await askGraphql(simulator, DISCOVER, { ...variables, after });
    const nodes = [...listAt(first.body, "data.search.nodes"), ...listAt(second.body, "data.search.nodes")];
    const stars = nodes.map((node) => Number(at(node, "stargazerCount")));
    expect(nodes.length).toBe(40);
    expect(stars).toEqual(stars.toSorted((left, right) => right - left));
    expect(new Set(nodes.map((node) => at(node, "id"))).size).toBe(40);
    expect(at(first.body, "data.rateLimit")).toMatchObject({ cost: 1, nodeCount: 20 + 20 * 20 });
    expect(nodes.every((node) => at(node, "primaryLanguage.name") === "Python")).toBe(true);
    expect(nodes.some((node) => at(node, "owner.__typename") === "Organization")).toBe(true);
    expect(nodes.some((node) => at(node, "owner.__typename") === "User")).toBe(true);
  });

  test("Activity gives the commits of the window, with people who are linked and some who are not.", async () => {
    const answer = await askGraphql(simulator, ACTIVITY, { ids: repositoryIds(20), since: SINCE, n: 50 });
    expect(at(answer.body, "errors")).toBeUndefined();
    const histories = listAt(answer.body, "data.nodes").map((node) =>
      at(node, "defaultBranchRef.target.history"),
    );
    const commits = histories.filter(Boolean).flatMap((history) => listAt(history, "nodes"));
    expect(commits.length).toBeGreaterThan(100);
    expect(commits.every((commit) => String(at(commit, "committedDate")) >= SINCE)).toBe(true);
    expect(commits.some((commit) => at(commit, "author.user") === null)).toBe(true);
    expect(commits.some((commit) => String(at(commit, "author.user.login")).endsWith("[bot]"))).toBe(true);
    const full = histories.find((history) => Number(at(history, "totalCount")) > 50);
    expect(listAt(full, "nodes").length).toBe(50);
    expect(at(full, "pageInfo.hasNextPage")).toBe(true);
  });

  test("A deep history is paged by aliases, each with its own cursor, without gap or repetition.", async () => {
    const busy = Array.from({ length: 400 }, (_, index) => index).filter(
      (index) => !world.repository(index).isEmpty && world.history(index).countSince(Date.parse(SINCE)) > 210,
    );
    const ids = busy.slice(0, 2).map((index) => encodeNodeId("repository", index));
    const part = (alias: string) =>
      `${alias}: node(id: $${alias}) { ...on Repository { defaultBranchRef { target { ...on Commit { history(first: 100, since: $since, after: $${alias}c) { totalCount pageInfo { hasNextPage endCursor } nodes { oid } } } } } } }`;
    const query = `query Deep($since: GitTimestamp!, $a: ID!, $b: ID!, $ac: String, $bc: String) { ${part("a")} ${part("b")} }`;
    const cursors: Record<string, unknown> = {};
    const seen: Record<string, unknown[]> = { a: [], b: [] };
    for (let page = 0; page < 3; page += 1) {
      const { body } = await askGraphql(simulator, query, { since: SINCE, a: ids[0], b: ids[1], ...cursors });
      for (const alias of ["a", "b"]) {
        const history = at(body, `data.${alias}.defaultBranchRef.target.history`);
        seen[alias]?.push(...listAt(history, "nodes").map((node) => at(node, "oid")));
        cursors[`${alias}c`] = at(history, "pageInfo.endCursor");
      }
    }
    for (const [position, alias] of ["a", "b"].entries()) {
      const count = Math.min(300, world.history(busy[position] ?? 0).countSince(Date.parse(SINCE)));
      expect(seen[alias]?.length).toBe(count);
      expect(new Set(seen[alias]).size).toBe(count);
    }
  });

  test("Maintainers gives who merges and who releases, apps among them.", async () => {
    const answer = await askGraphql(simulator, MAINTAINERS, { ids: repositoryIds(10) });
    expect(at(answer.body, "errors")).toBeUndefined();
    const requests = listAt(answer.body, "data.nodes").flatMap((node) => listAt(node, "pullRequests.nodes"));
    const associations = new Set(requests.map((request) => at(request, "authorAssociation")));
    expect(associations).toContain("MEMBER");
    expect(associations).toContain("CONTRIBUTOR");
    expect(requests.some((request) => at(request, "author.__typename") === "Bot")).toBe(true);
    expect(listAt(answer.body, "data.nodes").some((node) => listAt(node, "releases.nodes").length > 0)).toBe(
      true,
    );
  });

  test("People gives profiles, with an empty address where it is private.", async () => {
    const answer = await askGraphql(simulator, PEOPLE, { ids: personIds(100) });
    const nodes = listAt(answer.body, "data.nodes");
    expect(nodes.length).toBe(100);
    expect(nodes.map((node) => at(node, "login"))).toEqual(
      personIds(100).map((_, index) => world.person(index).login),
    );
    expect(nodes.some((node) => at(node, "email") === "")).toBe(true);
    expect(nodes.every((node) => typeof at(node, "followers.totalCount") === "number")).toBe(true);
  });

  test("A preflight reads the viewer, somebody's address and the budget.", async () => {
    const login = world.person(3).login;
    const answer = await askGraphql(
      simulator,
      "query($l:String!){viewer{login} user(login:$l){email} rateLimit{remaining}}",
      { l: login },
    );
    expect(answer.body).toMatchObject({
      data: { viewer: { login: world.person(0).login }, user: { email: world.person(3).email } },
    });
  });

  test("Repositories, organisations and single nodes are found by name and id.", async () => {
    const repository = world.repository(5);
    const query = `query($o:String!,$n:String!,$id:ID!){repository(owner:$o,name:$n){id} node(id:$id){__typename ...on Commit{oid repository{nameWithOwner}}}}`;
    const answer = await askGraphql(simulator, query, {
      o: repository.owner.login,
      n: repository.name,
      id: encodeNodeId("commit", 5, 2),
    });
    expect(answer.body).toMatchObject({
      data: {
        repository: { id: encodeNodeId("repository", 5) },
        node: { __typename: "Commit", repository: { nameWithOwner: repository.nameWithOwner } },
      },
    });
  });
});

describe("what the schema refuses", () => {
  test("a field that does not exist, exactly where it stands", async () => {
    const answer = await askGraphql(simulator, "{ viewer { login contributors } }");
    expect(answer.status).toBe(200);
    expect(at(answer.body, "data")).toBeUndefined();
    expect(at(answer.body, "errors.0.message")).toContain('Cannot query field "contributors" on type "User"');
    expect(at(answer.body, "errors.0.locations.0")).toEqual({ line: 1, column: 18 });
  });

  test("text that is no query, a body that is no JSON, and variables that do not fit", async () => {
    expect(at((await askGraphql(simulator, "query {")).body, "errors.0.message")).toContain("Syntax Error");
    expect(at((await askGraphql(simulator, COUNT, {})).body, "errors.0.message")).toContain('Variable "$q"');
    const answer = await simulator.fetch("https://api.github.test/graphql", {
      method: "POST",
      headers: { authorization: "bearer token-one" },
      body: "{",
    });
    expect([answer.status, await answer.text()]).toEqual([400, '{"message":"Problems parsing JSON"}']);
  });

  test("A field that the simulator does not model is an error at its path, not a guess.", async () => {
    const answer = await askGraphql(simulator, "{ viewer { login isGitHubStar anyPinnableItems } }");
    expect(at(answer.body, "errors.0")).toMatchObject({
      type: "NOT_MODELLED",
      path: ["viewer", "isGitHubStar"],
      message: "The simulator does not model User.isGitHubStar.",
    });
  });

  test("Stargazers are closed, their number is not.", async () => {
    const answer = await askGraphql(
      simulator,
      "query($ids:[ID!]!){nodes(ids:$ids){...on Repository{stargazerCount stargazers{totalCount}}}}",
      {
        ids: repositoryIds(1),
      },
    );
    expect(at(answer.body, "errors.0")).toMatchObject({
      type: "FORBIDDEN",
      path: ["nodes", 0, "stargazers"],
    });
  });
});

describe("what GitHub enforces on a query", () => {
  const history = (size: string) =>
    `query($ids:[ID!]!){nodes(ids:$ids){...on Repository{defaultBranchRef{target{...on Commit{history${size}{nodes{oid}}}}}}}}`;

  test.each([
    ["no first or last", "", "MISSING_PAGINATION_BOUNDARIES", "You must provide a `first` or `last` value"],
    ["first: 101", "(first:101)", "EXCESSIVE_PAGINATION", "exceeds the `first` limit of 100 records"],
    ["last: 500", "(last:500)", "EXCESSIVE_PAGINATION", "exceeds the `last` limit of 100 records"],
    ["first: 0", "(first:0)", "MISSING_PAGINATION_BOUNDARIES", "must be from 1 to 100"],
  ])("%s is refused", async (_, size, type, message) => {
    const answer = await askGraphql(simulator, history(size), { ids: repositoryIds(1) });
    expect(at(answer.body, "data")).toBeNull();
    expect(at(answer.body, "errors.0.type")).toBe(type);
    expect(at(answer.body, "errors.0.message")).toContain(message);
  });

  test("A count needs no first.", async () => {
    const answer = await askGraphql(
      simulator,
      "query($ids:[ID!]!){nodes(ids:$ids){...on User{followers{totalCount}}}}",
      { ids: personIds(2) },
    );
    expect(at(answer.body, "errors")).toBeUndefined();
  });

  test("More than 100 ids are refused in one field, and allowed as 99 and 99 in two.", async () => {
    const query = "query($a:[ID!]!,$b:[ID!]!){a:nodes(ids:$a){id} b:nodes(ids:$b){id}}";
    const ids = personIds(101);
    const refused = await askGraphql(simulator, query, { a: ids, b: [] });
    expect(at(refused.body, "errors.0")).toMatchObject({ type: "ARGUMENT_LIMIT", path: ["a"] });
    expect(at(refused.body, "errors.0.message")).toContain("not provide more than 100 node ids");
    const allowed = await askGraphql(simulator, query, { a: ids.slice(0, 99), b: ids.slice(0, 99) });
    expect(listAt(allowed.body, "data.b").length).toBe(99);
  });

  test("More than 500,000 possible nodes are refused.", async () => {
    const query = `query($ids:[ID!]!){nodes(ids:$ids){...on Repository{defaultBranchRef{target{...on Commit{history(first:100){nodes{authors(first:100){nodes{name}}}}}}}}}}`;
    const answer = await askGraphql(simulator, query, { ids: repositoryIds(100) });
    expect(at(answer.body, "errors.0")).toMatchObject({
      type: "MAX_NODE_LIMIT_EXCEEDED",
      message:
        "This query requests up to 1,010,100 possible nodes which exceeds the maximum limit of 500,000.",
    });
  });

  test("An id that names nothing costs itself, not the others (S28).", async () => {
    const [first, , third] = personIds(3);
    const answer = await askGraphql(simulator, PEOPLE, { ids: [first, "U_gone", third] });
    expect(listAt(answer.body, "data.nodes").map((node) => at(node, "id"))).toEqual([
      first,
      undefined,
      third,
    ]);
    expect(listAt(answer.body, "errors")).toEqual([
      expect.objectContaining({
        type: "NOT_FOUND",
        path: ["nodes", 1],
        message: "Could not resolve to a node with the global id of 'U_gone'.",
      }),
    ]);
  });

  test("A cursor that was never given out is refused.", async () => {
    const answer = await askGraphql(simulator, DISCOVER, { q: "language:Go", n: 5, after: "bogus" });
    expect(at(answer.body, "errors.0.type")).toBe("INVALID_CURSOR_ARGUMENTS");
  });

  test("A search that cannot be understood is refused with the reason.", async () => {
    const answer = await askGraphql(simulator, COUNT, { q: "stars:lots" });
    expect(at(answer.body, "errors.0")).toMatchObject({
      type: "UNPROCESSABLE",
      message: '"lots" is not a range of stars.',
    });
  });
});
