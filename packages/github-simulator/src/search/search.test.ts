import { describe, expect, test } from "vitest";
import { createWorld } from "../world/world.ts";
import { createSearchIndex } from "./search-index.ts";
import { parseSearchQuery } from "./search-query.ts";

const world = createWorld({ seed: 5, repositories: 6000 });
const index = createSearchIndex(world);

function found(text: string, offset = 0, size = 100) {
  const answer = index.search(text, offset, size);
  if (!answer.ok) throw new Error(answer.message);
  return { ...answer.page, repositories: answer.page.items.map((item) => world.repository(item)) };
}

const all = Array.from({ length: world.repositories }, (_, item) => world.repository(item));
type Repository = (typeof all)[number];

describe("a search counts exactly what matches", () => {
  const cases: [string, (repository: Repository) => boolean][] = [
    ["language:Go fork:true", ({ language }) => language === "Go"],
    ["language:go stars:>=100 fork:true", ({ language, stars }) => language === "Go" && stars >= 100],
    ['language:"Jupyter Notebook" fork:true', ({ language }) => language === "Jupyter Notebook"],
    ["stars:100..200 fork:true", ({ stars }) => stars >= 100 && stars <= 200],
    ["stars:>200 fork:true", ({ stars }) => stars > 200],
    ["stars:<=3 fork:true", ({ stars }) => stars <= 3],
    ["stars:*..3 fork:true", ({ stars }) => stars <= 3],
    ["stars:0 fork:true", ({ stars }) => stars === 0],
    ["topic:cli fork:true", ({ topics }) => topics.includes("cli")],
    ["topic:cli topic:rust fork:true", ({ topics }) => topics.includes("cli") && topics.includes("rust")],
    ["topic:cli -topic:rust fork:true", ({ topics }) => topics.includes("cli") && !topics.includes("rust")],
    ["NOT topic:cli fork:true", ({ topics }) => !topics.includes("cli")],
    ["pushed:>=2026-10-01 fork:true", ({ pushedAt }) => pushedAt >= Date.parse("2026-10-01T00:00:00Z")],
    ["pushed:<2026-10-01 fork:true", ({ pushedAt }) => pushedAt < Date.parse("2026-10-01T00:00:00Z")],
    [
      "created:2024-01-01..2024-12-31 fork:true",
      ({ createdAt }) =>
        createdAt >= Date.parse("2024-01-01T00:00:00Z") && createdAt < Date.parse("2025-01-01T00:00:00Z"),
    ],
    ["archived:true fork:true", ({ isArchived }) => isArchived],
    ["archived:false fork:true", ({ isArchived }) => !isArchived],
    ["mirror:true fork:true", ({ isMirror }) => isMirror],
    ["template:false fork:true", ({ isTemplate }) => !isTemplate],
    ["fork:only", ({ isFork }) => isFork],
    ["stars:>=0", ({ isFork }) => !isFork],
    ["fork:false", ({ isFork }) => !isFork],
    ["is:public fork:true", () => true],
    ["is:private fork:true", () => false],
    ["license:mit fork:true", ({ license }) => license === "MIT"],
    ["forks:>=1000 fork:true", ({ forks }) => forks >= 1000],
    [
      "lantern in:name fork:true",
      ({ name, topics, description }) => `${name} ${topics} ${description}`.includes("lantern"),
    ],
    ["no-such-word fork:true", () => false],
  ];
  test.each(cases)("%s", (text, matches) => {
    expect(found(text).count).toBe(all.filter(matches).length);
  });

  test("org: finds what an owner has", () => {
    const owner = all.find((repository) => repository.owner.type === "organization")?.owner.login;
    expect(found(`org:${owner} fork:true`).count).toBe(
      all.filter((repository) => repository.owner.login === owner).length,
    );
  });
});

describe("the order of a search", () => {
  test.each([
    ["sort:stars-desc", ({ stars }: Repository) => -stars],
    ["sort:stars", ({ stars }: Repository) => -stars],
    ["sort:stars-asc", ({ stars }: Repository) => stars],
    ["sort:updated-desc", ({ pushedAt }: Repository) => -pushedAt],
    ["sort:created-asc", ({ createdAt }: Repository) => createdAt],
    ["sort:forks-desc", ({ forks }: Repository) => -forks],
  ])("%s is kept over pages without overlap", (sort, key) => {
    const pages = [0, 50, 100].flatMap((offset) => found(`language:Python ${sort}`, offset, 50).repositories);
    expect(new Set(pages.map(({ index: number }) => number)).size).toBe(150);
    const keys = pages.map(key);
    expect(keys).toEqual(keys.toSorted((left, right) => left - right));
  });

  test("is not kept without a sort term: later pages repeat results and leave others out", () => {
    const items = [0, 100, 200, 300].flatMap((offset) => found("stars:>=0", offset).items);
    const distinct = new Set(items).size;
    expect(distinct).toBeLessThan(items.length);
    expect(distinct).toBeGreaterThan(items.length * 0.6);
    expect(found("stars:>=0", 100).items).toEqual(found("stars:>=0", 100).items);
  });

  test("Slices by creation date are disjoint and together are the whole.", () => {
    const whole = found("language:TypeScript").count;
    const windows = ["created:<=2022-06-30", "created:2022-07-01..2025-01-31", "created:>=2025-02-01"];
    expect(windows.reduce((sum, window) => sum + found(`language:TypeScript ${window}`).count, 0)).toBe(
      whole,
    );
  });
});

test("Only the first thousand results can be reached.", () => {
  const last = found("stars:>=0 sort:stars-desc", 950);
  expect(last.count).toBeGreaterThan(1000);
  expect(last.items.length).toBe(50);
  expect(last.hasNextPage).toBe(false);
  expect(found("stars:>=0 sort:stars-desc", 1000).items).toEqual([]);
});

test("A text of more than 256 characters without its qualifiers is refused.", () => {
  const word = "a".repeat(60);
  expect(parseSearchQuery(`${word} ${word} ${word} ${word} language:Go`).ok).toBe(true);
  expect(parseSearchQuery(`${word} ${word} ${word} ${word} ${word}`)).toEqual({
    ok: false,
    message: "The search is longer than 256 characters.",
  });
  expect(parseSearchQuery(`language:Go ${"topic:abcdefghij ".repeat(40)}`).ok).toBe(true);
});

test.each([
  ["stars:many", '"many" is not a range of stars.'],
  ["stars:1..", '"1.." is not a range of stars.'],
  ["pushed:>=lately", '">=lately" is not a range of dates for pushed.'],
  ["created:2026-13-45", '"2026-13-45" is not a range of dates for created.'],
  ["archived:maybe", '"maybe" is neither true nor false for archived.'],
  ["sort:shoe-size", '"shoe-size" is not a sort term.'],
  ["a NOT b NOT c NOT d NOT e NOT f NOT g", "More than five AND / OR / NOT operators were used."],
  ["a OR b", "The simulator does not model OR: ask one search per alternative."],
])("%s is refused", (text, message) => {
  expect(parseSearchQuery(text)).toEqual({ ok: false, message });
});
