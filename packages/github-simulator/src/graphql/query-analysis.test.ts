import { parse } from "graphql";
import { describe, expect, test } from "vitest";
import { personIds, repositoryIds } from "../../test/ask-simulator.ts";
import { ACTIVITY, DISCOVER, MAINTAINERS, PEOPLE } from "../../test/query-document.ts";
import { analyseQuery } from "./query-analysis.ts";

const analyse = (query: string, variables: Record<string, unknown> = {}) =>
  analyseQuery(parse(query), variables);
const since = "2026-08-03T00:00:00Z";

describe("points", () => {
  test("follow the example of GitHub's documentation: 5,101 requests are 51 points", () => {
    const query = `{ viewer { repositories(first: 100) { edges { node { issues(first: 50) { edges { node { labels(first: 60) { edges { node { id } } } } } } } } } } }`;
    expect(analyse(query)).toMatchObject({ cost: 51, nodeCount: 100 + 100 * 50 + 100 * 50 * 60 });
  });

  test("are one for a batch of ten histories and for a hundred follower counts, and 101 for followers inside commits", () => {
    expect(analyse(ACTIVITY, { ids: repositoryIds(10), since, n: 100 }).cost).toBe(1);
    expect(analyse(PEOPLE, { ids: personIds(100) }).cost).toBe(1);
    const nested = `{ search(type: REPOSITORY, query: "x", first: 100) { nodes { ...on Repository { defaultBranchRef { target { ...on Commit { history(first: 100) { nodes { author { user { followers { totalCount } } } } } } } } } } } }`;
    expect(analyse(nested).cost).toBe(101);
  });

  test("count fragments, aliases and variables, and leave out what is skipped", () => {
    const query = `query($n: Int!, $no: Boolean = false) {
      a: viewer { ...F } b: viewer { ...F @include(if: $no) }
    }
    fragment F on User { followers(first: $n) { nodes { following(first: 100) { nodes { id } } } } }`;
    expect(analyse(query, { n: 50 }).nodeCount).toBe(50 + 50 * 100);
    expect(analyse(query, { n: 50, no: true }).nodeCount).toBe(2 * (50 + 50 * 100));
  });
});

describe("the ten-second clock", () => {
  test.each([
    ["50 repositories with light fields", DISCOVER, { q: "x", n: 50 }, 300, 2000],
    ["10 histories of 100", ACTIVITY, { ids: repositoryIds(10), since, n: 100 }, 2000, 3500],
    ["50 histories of 100", ACTIVITY, { ids: repositoryIds(50), since, n: 100 }, 11_500, 20_000],
    ["10 repositories with pull requests and releases", MAINTAINERS, { ids: repositoryIds(10) }, 2000, 4500],
    ["100 profiles", PEOPLE, { ids: personIds(100) }, 500, 2500],
  ])("%s", (_, query, variables, least, most) => {
    const { simulatedMs } = analyse(query, variables);
    expect(simulatedMs).toBeGreaterThan(least);
    expect(simulatedMs).toBeLessThan(most);
  });

  test("passes half a hundred bare counts of histories and not a whole hundred", () => {
    const query = `query($ids:[ID!]!){nodes(ids:$ids){...on Repository{defaultBranchRef{target{...on Commit{history{totalCount}}}}}}}`;
    expect(analyse(query, { ids: repositoryIds(50) }).simulatedMs).toBeLessThan(6500);
    expect(analyse(query, { ids: repositoryIds(100) }).simulatedMs).toBeGreaterThan(10_000);
  });
});

test("A document with several operations needs a name.", () => {
  const query = "query A { viewer { login } } query B { rateLimit { cost } }";
  expect(analyse(query).problems).toEqual([{ message: "An operation name is required" }]);
  expect(analyseQuery(parse(query), {}, "B").fields).toEqual(new Set(["Query.rateLimit", "RateLimit.cost"]));
});
