import { createClock } from "@cmo/engine";
import { describeSourceContract } from "@cmo/engine/testing";
import { createGitHubSimulator, listenGitHubSimulator } from "@cmo/github-simulator";
import { createGitHubSource, resolveGitHubEndpoints } from "../src/index.ts";
import { canaryToken, digest } from "./fixture.ts";

const world = { seed: 7, repositories: 60 };
const common = {
  query: {
    language: null,
    topic: null,
    stars: { min: 0, max: null },
    pushedSince: "2020-01-01",
    created: null,
  },
  activeSince: "2026-06-01T00:00:00Z",
  unknownId: "R_nobody",
};
const parts = { token: canaryToken, clock: createClock(globalThis), random: Math.random, digest };

describeSourceContract("GitHub, in the process", {
  async create() {
    const simulator = createGitHubSimulator(world);
    const fetch = (url: string, init: RequestInit) => simulator.fetch(url, init);
    return { ...common, source: createGitHubSource({ ...parts, ...resolveGitHubEndpoints({}), fetch }) };
  },
});

describeSourceContract("GitHub over HTTP, with a token that lacks the scope for addresses", {
  async create() {
    const listening = await listenGitHubSimulator(createGitHubSimulator({ ...world, scopes: [] }));
    const endpoints = resolveGitHubEndpoints({ GITHUB_API_URL: listening.url });
    return {
      ...common,
      source: createGitHubSource({ ...parts, ...endpoints, fetch }),
      dispose: () => listening.close(),
    };
  },
});
