import type { RepositoryPage } from "@cmo/engine";
import { describe, expect, test } from "vitest";
import { createScene, errorOf } from "./fixture.ts";
import { type ArrivedRequest, badGateway, json } from "./scripted-fetch.ts";

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
