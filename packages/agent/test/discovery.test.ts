import { createFakeClock } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { searchQueries } from "../src/discovery/search-query.ts";
import { createTestEngine, eventsOf, specOf } from "./campaign.ts";
import { createFakeSource, type FakeRepository, type FakeSource } from "./fake-source.ts";

const day = (index: number) => new Date(Date.parse("2010-01-01") + index * 86_400_000).toISOString();

/** Repositories in which nobody was active. */
function silent(
  count: number,
  more: (index: number) => Partial<FakeRepository> = () => ({}),
): FakeRepository[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `R_${index}`,
    commits: [],
    stars: 10_000 - (index % 5_000),
    createdAt: day((index * 37) % 7_000),
    ...more(index),
  }));
}

async function run(source: FakeSource, config: Record<string, unknown>) {
  const engine = createTestEngine({ source, clock: createFakeClock({ auto: true }) });
  const summary = await engine.runInproc(specOf(config));
  expect(summary.status).toBe("completed");
  const asked = source.requests.filter(({ kind }) => kind === "activity").flatMap(({ ids }) => ids);
  return { summary, asked, events: await eventsOf(engine.store, summary.jobId ?? "") };
}

const everything = { params: { stars_range: ">=1", target_leads: 50 }, limits: { max_repos: 100_000 } };

describe("discovery", () => {
  it("finds every repository exactly once where a search claims more than can be reached", async () => {
    const repositories = silent(4_200);
    const source = createFakeSource({ repositories, people: [] }, { batchSize: () => 100 });
    const { summary, asked } = await run(source, everything);
    expect(summary.counts.reposClaimed).toBe(4_200);
    expect(summary.counts.reposMatched).toBe(4_200);
    expect(asked).toHaveLength(4_200);
    expect(new Set(asked)).toEqual(new Set(repositories.map(({ id }) => id)));
    expect(summary.warnings.filter(({ code }) => code === "data.search_truncated")).toEqual([]);
    // 20 pages to see that it is too many, 84 and a few short ones to read all, and the questions that split.
    expect(source.requests.filter(({ kind }) => kind === "search").length).toBeLessThan(140);
  });

  it("asks for one page more often than needed only where it has to split", async () => {
    const source = createFakeSource({ repositories: silent(1_000), people: [] }, { batchSize: () => 100 });
    const { summary } = await run(source, everything);
    expect(summary.counts.reposMatched).toBe(1_000);
    expect(source.requests.filter(({ kind }) => kind === "search")).toHaveLength(20);
  });

  it("says of a single day that it holds more than can be reached, and takes what can be", async () => {
    const repositories = silent(160, (index) => (index < 130 ? { createdAt: day(400) } : {}));
    const source = createFakeSource({ repositories, people: [] }, { searchWindow: 100 });
    const { summary, asked } = await run(source, everything);
    expect(summary.warnings.map(({ code, message }) => [code, message.slice(0, 50)])).toContainEqual([
      "data.search_truncated",
      "130 repositories were created on 2011-02-05; only ",
    ]);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.length).toBe(130);
  });

  it("says nothing of a day that it read ahead and did not need", async () => {
    const people = Array.from({ length: 60 }, (_, index) => ({
      id: `U_${index}`,
      login: `p${index}`,
      email: `p${index}@mail.example`,
    }));
    const repositories = silent(160, (index) => ({
      createdAt: day(400),
      stars: 1_000 - index,
      commits: index < 100 ? [{ person: `U_${index % 60}`, count: 3 }] : [],
    }));
    const source = createFakeSource({ repositories, people }, { searchWindow: 100 });
    const { summary } = await run(source, {
      ...everything,
      params: { stars_range: ">=1", target_leads: 60 },
    });
    expect(summary.targetMet).toBe(true);
    expect(summary.counts.reposMatched).toBe(100);
    expect(summary.warnings).toEqual([]);
  });

  it("looks at no more repositories than the limit, whatever else is found", async () => {
    const source = createFakeSource({
      repositories: silent(300, (index) => ({ isArchived: index % 3 === 0 })),
      people: [],
    });
    const { summary, asked } = await run(source, { ...everything, limits: { max_repos: 70 } });
    expect(asked).toHaveLength(70);
    expect(summary.counts.reposMatched).toBe(70);
    expect(summary.counts.reposOpened).toBe(70);
  });

  it("takes a page of each search in turn, and each repository once", async () => {
    const both = { topics: ["cli", "web"] };
    const source = createFakeSource({
      repositories: [
        ...silent(120, () => ({ topics: ["cli"], stars: 900 })),
        ...silent(60, () => both).map((one) => ({ ...one, id: `both_${one.id}` })),
      ],
      people: [],
    });
    const { summary, asked } = await run(source, {
      params: { stars_range: ">=1", target_leads: 10 },
      default_icp: { topics: ["cli", "web"] },
    });
    expect(asked).toHaveLength(180);
    expect(summary.counts.drops).toEqual({ duplicate_repository: 60 });
    expect(summary.counts.reposClaimed).toBe(240);
  });

  it("filters with a counted reason each, the first that holds", async () => {
    const source = createFakeSource({
      repositories: [
        { id: "a", commits: [], isArchived: true, isFork: true },
        { id: "b", commits: [], isFork: true },
        { id: "c", commits: [], isMirror: true },
        { id: "d", commits: [], isTemplate: true },
        { id: "e", commits: [], isEmpty: true },
        { id: "f", commits: [], topics: ["Tutorial"] },
        { id: "g", commits: [] },
      ],
      people: [],
    });
    const { summary, asked } = await run(source, {
      ...everything,
      default_icp: { exclude_topics: ["tutorial"] },
    });
    expect(asked).toEqual(["g"]);
    expect(summary.counts.drops).toEqual({
      archived_repository: 1,
      empty_repository: 1,
      excluded_topic: 1,
      fork: 1,
      mirror: 1,
      template: 1,
    });
  });

  it("ends well where nothing matches", async () => {
    const { summary } = await run(createFakeSource({ repositories: [], people: [] }), everything);
    expect(summary.counts).toMatchObject({
      reposClaimed: 0,
      reposMatched: 0,
      candidates: 0,
      leads: 0,
      contactable: 0,
    });
    expect(summary.targetMet).toBe(false);
  });

  it("names no person where it names what it looks at", async () => {
    const owner = { type: "user" as const, login: "adaprobe", name: "Ada", websiteUrl: null };
    const repositories = [
      { id: "a", name: "adaprobe/adaprobe", owner, commits: [] },
      { id: "b", name: "adaprobe/AdaProbe.github.io", owner, commits: [] },
      { id: "c", name: "adaprobe/tool", owner, commits: [] },
    ];
    const { events } = await run(createFakeSource({ repositories, people: [] }), everything);
    const text = JSON.stringify(events).toLowerCase();
    expect(text).not.toContain("adaprobe");
    expect(text).toContain("tool");
  });
});

describe("the searches of a campaign", () => {
  it("are one for each language and topic, and one that leaves open what is not asked", () => {
    const queries = (icp: Record<string, unknown>) =>
      searchQueries(specOf({ default_icp: icp })).map(({ language, topic }) => [language, topic]);
    expect(queries({ languages: [], topics: [] })).toEqual([[null, null]]);
    expect(queries({ languages: ["Go"], topics: [] })).toEqual([["Go", null]]);
    expect(queries({ languages: ["Go", "Rust"], topics: ["cli", "web"] })).toEqual([
      ["Go", "cli"],
      ["Rust", "cli"],
      ["Go", "web"],
      ["Rust", "web"],
    ]);
  });
});
