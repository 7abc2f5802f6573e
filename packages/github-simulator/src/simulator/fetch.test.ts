import { describe, expect, test } from "vitest";
import { API, askGraphql, at } from "../../test/ask-simulator.ts";
import { createFakeClock } from "../../test/fake-clock.ts";
import { COUNT } from "../../test/query-document.ts";
import { createGitHubSimulator } from "./create-simulator.ts";

const VIEWER = "{ viewer { login } }";

describe("a simulator in the process", () => {
  test("answers whatever fetch can be called with", async () => {
    const simulator = createGitHubSimulator();
    const init = {
      method: "POST",
      headers: { authorization: "Bearer x" },
      body: JSON.stringify({ query: VIEWER }),
    };
    const answers = [
      await simulator.fetch(`${API}/graphql`, init),
      await simulator.fetch(new URL(`${API}/api/graphql`), init),
      await simulator.fetch(new Request(`${API}/graphql`, init)),
      await simulator.fetch(`${API}/graphql`, {
        ...init,
        headers: new Headers(init.headers),
        body: new TextEncoder().encode(init.body),
      }),
    ];
    for (const answer of answers) {
      expect(answer).toBeInstanceOf(Response);
      expect(at(await answer.json(), "data.viewer.login")).toBe(simulator.world.person(0).login);
    }
    expect(answers[0]?.url).toBe(`${API}/graphql`);
  });

  test("gives the same answers to the same questions, with an id for each request", async () => {
    const ask = async () => {
      const simulator = createGitHubSimulator({ seed: "same", clock: createFakeClock() });
      const answers = [
        await askGraphql(simulator, COUNT, { q: "language:Go" }),
        await askGraphql(simulator, VIEWER),
      ];
      return answers.map(({ text, headers }) => [text, [...headers]]);
    };
    expect(await ask()).toEqual(await ask());
    const [first, second] = await ask();
    expect(first?.[1]).not.toEqual(second?.[1]);
  });

  test("answers a hundred requests at once, and knows that it did", async () => {
    const simulator = createGitHubSimulator();
    const answers = await Promise.all(Array.from({ length: 100 }, () => askGraphql(simulator, VIEWER)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(simulator.stats().peakConcurrency).toBe(100);
  });
});

describe("an aborted request", () => {
  test("rejects with an AbortError before it begins, and is not counted", async () => {
    const simulator = createGitHubSimulator();
    await expect(askGraphql(simulator, VIEWER, {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(simulator.stats().requests).toBe(0);
  });

  test("rejects while it waits, also by a clock that does not know signals, and is no longer in flight", async () => {
    const clock = createFakeClock();
    const simulator = createGitHubSimulator({ latencyMs: 60_000, clock });
    const controller = new AbortController();
    const answer = askGraphql(simulator, VIEWER, {}, { signal: controller.signal });
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.sleeping).toBe(1);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
    expect(simulator.stats()).toMatchObject({ requests: 1, byStatus: { none: 1 } });
  });

  test("rejects with the reason that was given, by the real clock", async () => {
    const simulator = createGitHubSimulator({ latencyMs: 60_000 });
    const controller = new AbortController();
    const answer = askGraphql(simulator, VIEWER, {}, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(answer).rejects.toThrow("enough");
  });

  test("One signal serves thousands of requests without piling up listeners.", async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error) => warnings.push(warning.name);
    process.on("warning", onWarning);
    const simulator = createGitHubSimulator({ limits: { pointsPerHour: 10_000, pointsPerMinute: 10_000 } });
    const controller = new AbortController();
    for (let count = 0; count < 2000; count += 1)
      await askGraphql(simulator, VIEWER, {}, { signal: controller.signal });
    await new Promise((resolve) => setImmediate(resolve));
    process.removeListener("warning", onWarning);
    expect(warnings).not.toContain("MaxListenersExceededWarning");
  });
});

test("A world of a hundred thousand repositories is searched without being built.", async () => {
  const simulator = createGitHubSimulator({ repositories: 100_000 });
  const answer = await askGraphql(simulator, COUNT, {
    q: "language:Python stars:100..5000 pushed:>=2026-08-03 archived:false",
  });
  expect(Number(at(answer.body, "data.search.repositoryCount"))).toBeGreaterThan(3000);
});
