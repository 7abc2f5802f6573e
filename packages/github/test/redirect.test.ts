import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createClock } from "@cmo/engine";
import { afterEach, expect, test } from "vitest";
import { createGitHubSource, resolveGitHubEndpoints } from "../src/index.ts";
import { canaryToken, collect, digest, errorOf } from "./fixture.ts";
import { createRecordingCall } from "./recording-call.ts";
import { person } from "./scripted-fetch.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  }
});

/** A real server on the loopback that redirects to where `locate` says, or answers with a person. */
async function listen(locate: (path: string, ordinal: number) => string | null) {
  const requests: { path: string; method: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    requests.push({ path: request.url ?? "", method: request.method ?? "", headers: request.headers, body });
    const location = locate(request.url ?? "", requests.length);
    if (location !== null) response.writeHead(307, { location });
    response.end(JSON.stringify({ data: { nodes: [person("U_1")] } }));
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function ask(url: string) {
  const source = createGitHubSource({
    fetch,
    token: canaryToken,
    ...resolveGitHubEndpoints({ GITHUB_API_URL: url }),
    clock: createClock(globalThis),
    random: () => 0.5,
    digest,
  });
  return collect(source.people(["U_1"], createRecordingCall()));
}

test("S42 a redirect to another origin is an error that names the host, and nobody there sees a request", async () => {
  const stranger = await listen(() => null);
  for (const location of [`${stranger.url}/graphql`, `//${new URL(stranger.url).host}/graphql`]) {
    const github = await listen(() => location);
    expect(await errorOf(ask(github.url))).toMatchObject({
      code: "source_rejected",
      retryable: false,
      message: expect.stringContaining(new URL(stranger.url).host),
      hint: expect.stringContaining("GITHUB_API_URL"),
    });
    expect(github.requests).toHaveLength(1);
  }
  expect(stranger.requests).toHaveLength(0);
});

test("S42 credentials in a redirect, another scheme and no address at all are refused too", async () => {
  for (const locate of [
    (host: string) => `http://name:word@${host}/x`,
    (host: string) => `https://${host}/x`,
    () => "data:text/plain,x",
    () => "http://[",
  ]) {
    let host = "";
    const github = await listen(() => locate(host));
    host = new URL(github.url).host;
    expect(await errorOf(ask(github.url))).toMatchObject({ code: "source_rejected" });
    expect(github.requests).toHaveLength(1);
  }
});

test("a redirect within the origin is followed with the same question, three times at most", async () => {
  const github = await listen((_, ordinal) => (ordinal <= 3 ? `/moved/${ordinal}` : null));
  expect(await ask(github.url)).toMatchObject([{ id: "U_1", missing: null }]);
  expect(github.requests.map((request) => request.path)).toEqual([
    "/graphql",
    "/moved/1",
    "/moved/2",
    "/moved/3",
  ]);
  for (const request of github.requests) {
    expect(request).toMatchObject({ method: "POST", body: github.requests[0]?.body });
    expect(request.headers.authorization).toBe(`Bearer ${canaryToken}`);
  }
  const endless = await listen((_, ordinal) => `/moved/${ordinal}`);
  expect(await errorOf(ask(endless.url))).toMatchObject({ code: "source_rejected" });
  expect(endless.requests).toHaveLength(4);
});
