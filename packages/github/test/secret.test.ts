import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { CmoError, createClock } from "@cmo/engine";
import { describe, expect, test } from "vitest";
import { createGitHubSource, type RequestLogEntry } from "../src/index.ts";
import { createFakeClock } from "./fake-clock.ts";
import { canaryToken, collect, createScene, createTestSource, digest, errorOf } from "./fixture.ts";
import { answerPeople, json, person } from "./scripted-fetch.ts";

const canaries = [canaryToken, "CANARY", "imaginary-", "people.example"];

describe("S34 neither the token nor a person is in errors, events or logs", () => {
  const echo = `Bearer ${canaryToken} for ima1@people.example`;
  test.each<[string, () => Response | Error | "hang"]>([
    ["401 that echoes the header", () => json({ message: `Bad credentials: ${canaryToken}` }, 401)],
    [
      "403 that echoes the header",
      () => json({ message: `Resource not accessible with Bearer ${canaryToken}` }, 403),
    ],
    ["422 that echoes the header", () => json({ message: `authorization: bearer ${canaryToken}` }, 422)],
    [
      "502 that echoes everything",
      () =>
        new Response(`<html>${echo}</html>`, {
          status: 502,
          headers: { "x-github-request-id": canaryToken.replace("ghp_", "ghp_ ") },
        }),
    ],
    ["200 that is a page", () => new Response(echo)],
    [
      "a network error that quotes the header",
      () => new TypeError(`invalid header authorization: Bearer ${canaryToken}`),
    ],
    [
      "a redirect elsewhere",
      () =>
        new Response(null, { status: 302, headers: { location: `https://evil.example/?t=${canaryToken}` } }),
    ],
    ["no answer", () => "hang"],
    ["a rate limit for ever", () => json({ message: `API rate limit exceeded ${echo}` }, 429)],
    [
      "a broken shape",
      () => json({ data: { nodes: [{ ...person("U_1"), createdAt: { [canaryToken]: 1 } }] } }),
    ],
    ["a rejected query", () => json({ errors: [{ message: `Unexpected ${canaryToken}` }] })],
    ["a good answer", () => json({ data: { nodes: [person("U_1")] } })],
  ])("%s", async (_, answer) => {
    const logged: RequestLogEntry[] = [];
    const scene = createScene(answer, { log: (entry) => logged.push(entry) });
    let error: unknown = null;
    try {
      await scene.clock.run(collect(scene.source.people(["U_1"], scene.call)));
    } catch (thrown) {
      error = thrown;
      expect(thrown).toBeInstanceOf(CmoError);
    }
    const told = inspect(
      { error, events: scene.call.events, tools: scene.call.tools, logged, source: scene.source },
      { depth: 20 },
    );
    for (const canary of canaries) expect(told).not.toContain(canary);
    expect(logged.length).toBeGreaterThan(0);
  });
});

test("S34 warnings about a retry name nobody, not even in the REST path", async () => {
  const scene = createScene((request, ordinal) => {
    if (request.init.method === "GET" && ordinal < 6) return new Response("<html>", { status: 503 });
    if (request.init.method === "GET") return json({ id: 1, login: "imaginary-1", email: null });
    return / email /.test(request.document)
      ? json({ data: null, errors: [{ type: "INSUFFICIENT_SCOPES", message: "" }] })
      : answerPeople(request);
  });
  await scene.clock.run(collect(scene.source.people(["U_1"], scene.call)));
  expect(scene.call.of("log")).toHaveLength(3);
  for (const canary of canaries) expect(JSON.stringify(scene.call.events)).not.toContain(canary);
});

test("S34 a token that cannot be sent is refused before fetch could quote it", () => {
  for (const token of ["", `${canaryToken}\n`, `${canaryToken} x`, `${canaryToken}é`]) {
    let error: unknown;
    try {
      createTestSource(createFakeClock(), () => Promise.reject(new Error("not asked")), { token });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: "unauthenticated", hint: expect.stringContaining("GITHUB_TOKEN") });
    expect(inspect(error)).not.toContain("CANARY");
  }
});

test("S34 the real fetch with nobody listening says so and nothing more", async () => {
  const scene = createScene(() => "hang");
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const source = createGitHubSource({
    fetch,
    token: canaryToken,
    apiUrl: `http://127.0.0.1:${port}`,
    graphqlUrl: `http://127.0.0.1:${port}/graphql`,
    clock: createClock(globalThis),
    random: () => 0,
    digest,
    maxAttempts: 1,
  });
  const error = await errorOf(collect(source.people(["U_1"], scene.call)));
  expect(error).toMatchObject({
    code: "source_unavailable",
    message: expect.stringContaining("ECONNREFUSED"),
  });
  expect(inspect(error)).not.toContain("CANARY");
});
