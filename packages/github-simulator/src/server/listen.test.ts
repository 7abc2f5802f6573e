import { createServer } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { askGraphql, askRest, at, personIds } from "../../test/ask-simulator.ts";
import { createFakeClock } from "../../test/fake-clock.ts";
import { PEOPLE } from "../../test/query-document.ts";
import { createGitHubSimulator } from "../simulator/create-simulator.ts";
import type { SimulatorOptions } from "../simulator/simulator-options.ts";
import { listenGitHubSimulator } from "./listen.ts";

const VIEWER = "{ viewer { login } }";
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(options: SimulatorOptions = {}) {
  const simulator = createGitHubSimulator(options);
  const listening = await listenGitHubSimulator(simulator);
  closing.push(() => listening.close());
  return { simulator, url: listening.url };
}

describe("a simulator on a port", () => {
  test("gives the same answers as in the process", async () => {
    const { url } = await listen({ repositories: 100 });
    const direct = createGitHubSimulator({ repositories: 100 });
    const served = await askGraphql({ fetch }, PEOPLE, { ids: personIds(50) }, { url: `${url}/graphql` });
    const expected = await askGraphql(direct, PEOPLE, { ids: personIds(50) });
    expect(served.text).toBe(expected.text);
    expect(served.headers.get("x-github-request-id")).toBe(expected.headers.get("x-github-request-id"));
    expect(served.headers.get("x-ratelimit-remaining")).toBe("4999");
  });

  test("serves GraphQL and REST also where GitHub Enterprise Server has them", async () => {
    const { url, simulator } = await listen();
    expect((await askGraphql({ fetch }, VIEWER, {}, { url: `${url}/api/graphql` })).status).toBe(200);
    const rest = await fetch(`${url}/api/v3/user`, { headers: { authorization: "bearer x" } });
    expect(at(await rest.json(), "url")).toBe(`${url}/api/v3/users/${simulator.world.person(0).login}`);
    const head = await fetch(`${url}/api/v3/user`, {
      method: "HEAD",
      headers: { authorization: "bearer x" },
    });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const notModified = await fetch(`${url}/api/v3/user`, {
      headers: { authorization: "bearer x", "if-none-match": rest.headers.get("etag") ?? "" },
    });
    expect(notModified.status).toBe(304);
  });

  test("resets the socket when the script says so, and goes on", async () => {
    const { url } = await listen({ faults: [{ fault: "socket_reset", at: 1 }] });
    const failure = await askGraphql({ fetch }, VIEWER, {}, { url: `${url}/graphql` }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      message: "fetch failed",
      cause: { code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) },
    });
    expect((await askGraphql({ fetch }, VIEWER, {}, { url: `${url}/graphql` })).status).toBe(200);
  });

  test("forgets a request whose client went away", async () => {
    const clock = createFakeClock();
    const { url, simulator } = await listen({ latencyMs: 60_000, clock });
    const controller = new AbortController();
    const answer = askGraphql({ fetch }, VIEWER, {}, { url: `${url}/graphql`, signal: controller.signal });
    while (clock.sleeping === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
    while (simulator.stats().requests === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(simulator.stats().byStatus).toEqual({ none: 1 });
  });

  test("redirects to another origin, where a client that follows must not bring its token (S42)", async () => {
    const received: (string | undefined)[] = [];
    const thief = createServer((request, response) => {
      received.push(request.headers.authorization);
      response.end("{}");
    });
    await new Promise<void>((resolve) => thief.listen(0, "127.0.0.1", resolve));
    closing.push(() => new Promise((resolve) => thief.close(() => resolve())));
    const address = thief.address();
    const port = typeof address === "object" ? address?.port : 0;
    const { url } = await listen({
      faults: [{ fault: "redirect", location: `http://127.0.0.1:${port}/user` }],
    });
    await fetch(`${url}/user`, { headers: { authorization: "bearer secret", connection: "close" } });
    expect(received).toEqual([undefined]);
  });

  test("refuses bodies that no query has", async () => {
    const { url } = await listen();
    const response = await fetch(`${url}/graphql`, { method: "POST", body: "x".repeat(1_500_000) }).catch(
      () => null,
    );
    expect(response === null || response.status === 413).toBe(true);
  });

  test("listens on loopback only, and says when a port is taken", async () => {
    const { simulator, url } = await listen();
    await expect(listenGitHubSimulator(simulator, { host: "0.0.0.0" })).rejects.toThrow("loopback only");
    await expect(listenGitHubSimulator(simulator, { port: Number(new URL(url).port) })).rejects.toThrow(
      "EADDRINUSE",
    );
  });

  test("closes while clients are connected", async () => {
    const simulator = createGitHubSimulator({ latencyMs: 60_000, clock: createFakeClock() });
    const listening = await listenGitHubSimulator(simulator);
    const waiting = askRest({ fetch: (_, init) => fetch(`${listening.url}/user`, init) }, "/user").catch(
      () => "ended",
    );
    while (simulator.stats().peakConcurrency === 0) await new Promise((resolve) => setImmediate(resolve));
    await listening.close();
    expect(await waiting).toBe("ended");
  });
});
