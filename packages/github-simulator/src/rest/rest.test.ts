import { describe, expect, test } from "vitest";
import { askRest, at, listAt } from "../../test/ask-simulator.ts";
import { createGitHubSimulator } from "../simulator/create-simulator.ts";
import { encodeNodeId } from "../world/node-id.ts";

const simulator = createGitHubSimulator({ repositories: 300, limits: { restPointsPerMinute: 10_000 } });
const { world } = simulator;
const repositories = Array.from({ length: 300 }, (_, index) => world.repository(index));
const people = Array.from({ length: 200 }, (_, index) => world.person(index));

describe("users", () => {
  test("have a null address where it is private, and for callers without a token", async () => {
    const hidden = people.find(({ email }) => email === "");
    const open = people.find(({ email }) => email !== "");
    expect(at((await askRest(simulator, `/users/${hidden?.login}`)).body, "email")).toBeNull();
    expect(at((await askRest(simulator, `/users/${open?.login}`)).body, "email")).toBe(open?.email);
    expect(at((await askRest(simulator, `/users/${open?.login}`, {}, null)).body, "email")).toBeNull();
  });

  test("are found under /api/v3 as well, with ids that GraphQL knows", async () => {
    const answer = await askRest(simulator, `/api/v3/users/${people[4]?.login}`);
    expect(answer.body).toMatchObject({
      login: people[4]?.login,
      type: "User",
      node_id: encodeNodeId("user", 4),
    });
    expect(at(answer.body, "url")).toBe(`https://api.github.test/api/v3/users/${people[4]?.login}`);
    expect((await askRest(simulator, "/users/%E0%A4%A")).status).toBe(400);
  });

  test("Apps are bots.", async () => {
    expect(at((await askRest(simulator, "/users/dependabot")).body, "type")).toBe("Bot");
    expect(at((await askRest(simulator, "/users/dependabot%5Bbot%5D")).body, "type")).toBe("User");
  });

  test("Renamed ones are redirected to, as fetch follows it.", async () => {
    const [first] = people;
    const renaming = createGitHubSimulator({
      repositories: 300,
      renamedUsers: { "old-name": first?.login ?? "" },
    });
    const manual = await renaming.fetch("https://api.github.test/users/Old-Name", { redirect: "manual" });
    expect([manual.status, manual.headers.get("location")]).toEqual([
      301,
      `https://api.github.test/user/${first?.databaseId}`,
    ]);
    const followed = await askRest(renaming, "/users/old-name");
    expect(at(followed.body, "login")).toBe(first?.login);
  });
});

describe("repositories", () => {
  test("list their contributors of all time, linked accounts only, most commits first, in pages", async () => {
    const repository = repositories.find(
      ({ isEmpty, index }) => !isEmpty && world.contributors(index).length > 6,
    );
    const path = `/repos/${repository?.nameWithOwner}/contributors?per_page=3`;
    const pages = [await askRest(simulator, path), await askRest(simulator, `${path}&page=2`)];
    const items = pages.flatMap(({ body }) => Object.values(body as object));
    const contributions = items.map((item) => Number(at(item, "contributions")));
    expect(items.length).toBe(6);
    expect(contributions).toEqual(contributions.toSorted((left, right) => right - left));
    expect(pages[0]?.headers.get("link")).toContain('page=2>; rel="next"');
    expect(pages[1]?.headers.get("link")).toContain('page=1>; rel="prev"');
  });

  test("An empty one answers 204 and 409, one that is gone 404, a huge one 403 that is no limit.", async () => {
    const empty = repositories.find(({ isEmpty }) => isEmpty);
    expect((await askRest(simulator, `/repos/${empty?.nameWithOwner}/contributors`)).status).toBe(204);
    expect((await askRest(simulator, `/repos/${empty?.nameWithOwner}/commits`)).status).toBe(409);
    expect((await askRest(simulator, "/repos/nobody/nothing/commits")).status).toBe(404);
    const large = createGitHubSimulator({ repositories: 20_000 });
    const huge = Array.from({ length: 20_000 }, (_, index) => large.world.repository(index)).find(
      ({ stars, isEmpty }) => stars > 60_000 && !isEmpty,
    );
    const refused = await askRest(large, `/repos/${huge?.nameWithOwner}/contributors`);
    expect(refused.status).toBe(403);
    expect(at(refused.body, "message")).toContain("too large to list contributors");
    expect(Number(refused.headers.get("x-ratelimit-remaining"))).toBeGreaterThan(0);
  });

  test("list commits of one author since a time", async () => {
    const repository = repositories.find(
      ({ isEmpty, index }) => !isEmpty && world.history(index).total > 100,
    );
    const author = world.history(repository?.index ?? 0).at(0)?.author ?? 0;
    const login = world.person(author).login;
    const answer = await askRest(
      simulator,
      `/repos/${repository?.nameWithOwner}/commits?author=${encodeURIComponent(login)}&since=2020-01-01T00:00:00Z&per_page=5`,
    );
    const commits = Object.values(answer.body as object);
    expect(commits.length).toBeGreaterThan(0);
    expect(commits.every((commit) => at(commit, "author.login") === login)).toBe(true);
  });
});

test("A search tells its number, pages by links and ends after a thousand.", async () => {
  const answer = await askRest(simulator, "/search/repositories?q=stars:%3E%3D0&sort=stars&per_page=100");
  expect(at(answer.body, "total_count")).toBe(repositories.filter(({ isFork }) => !isFork).length);
  expect(at(answer.body, "incomplete_results")).toBe(false);
  expect(listAt(answer.body, "items").length).toBe(100);
  expect(answer.headers.get("link")).toContain('page=2>; rel="next"');
  expect((await askRest(simulator, "/search/repositories?q=stars:%3E%3D0&per_page=100&page=11")).status).toBe(
    422,
  );
  expect((await askRest(simulator, "/search/repositories?q=stars:lots")).status).toBe(422);
});

test("Tags belong to a token.", async () => {
  const mine = await askRest(simulator, "/meta");
  const theirs = await askRest(simulator, "/meta", {}, "token-two");
  expect(mine.text).toBe(theirs.text);
  expect(mine.headers.get("etag")).not.toBe(theirs.headers.get("etag"));
  const headers = { "if-none-match": mine.headers.get("etag") ?? "" };
  expect((await askRest(simulator, "/meta", headers)).status).toBe(304);
  expect((await askRest(simulator, "/meta", headers, "token-two")).status).toBe(200);
});

test("Nothing can be written, and what is not there is not found.", async () => {
  const response = await simulator.fetch("https://api.github.test/user", {
    method: "DELETE",
    headers: { authorization: "bearer token-one" },
  });
  expect(response.status).toBe(404);
  expect((await askRest(simulator, "/emojis")).status).toBe(404);
});
