import { afterEach, expect, it } from "vitest";
import { createClient } from "../src/index.ts";
import { type Behaviour, deafAddress, type FakeApi, json, startFakeApi } from "./support/fake-api.ts";
import { until } from "./support/until.ts";

let api: FakeApi | null = null;
afterEach(async () => {
  await api?.close();
  api = null;
});

async function clientOf(behave: Behaviour) {
  api = await startFakeApi(behave);
  return createClient({ baseUrl: `${api.baseUrl}/prefix/`, apiKey: "cmo_k1_secret" });
}

const ours = { "cmo-api": "1" };

it("cmo that is well is reachable, and does not get the key before that is known", async () => {
  const client = await clientOf((response) => json(response, { ok: true, mood: "fine" }, 200, ours));
  expect(await client.probe({ timeoutMs: 5_000 })).toEqual({ reachable: true, version: "1" });
  expect(await client.health()).toBe(true);
  expect(api?.requests.map(({ path }) => path)).toEqual(["/prefix/healthz", "/prefix/healthz"]);
  for (const { headers } of api?.requests ?? []) expect(headers).not.toHaveProperty("authorization");
});

it("nobody is refused", async () => {
  const client = createClient({ baseUrl: await deafAddress() });
  expect(await client.probe({ timeoutMs: 5_000 })).toMatchObject({ reachable: false, reason: "refused" });
  expect(await client.health()).toBe(false);
});

it("somebody who breaks the connection is refused", async () => {
  const client = await clientOf((response) => void response.socket?.destroy());
  expect(await client.probe({ timeoutMs: 5_000 })).toMatchObject({ reachable: false, reason: "refused" });
});

it("somebody who says nothing in time, or does not end, is a timeout; nothing stays open", async () => {
  const client = await clientOf((response, _request, count) => {
    if (count === 2) response.writeHead(200, ours).write("{");
  });
  for (let count = 0; count < 2; count += 1) {
    expect(await client.probe({ timeoutMs: 40 })).toMatchObject({ reachable: false, reason: "timeout" });
  }
  await until(() => api?.open() === 0);
});

const strangers: [string, Behaviour][] = [
  ["a page", (response) => void response.writeHead(200).end("<html>")],
  ["a health of something else", (response) => json(response, { ok: true })],
  ["a redirect", (response) => void response.writeHead(302, { location: "https://login.test/" }).end()],
  ["404", (response) => void response.writeHead(404).end()],
];
it.each(strangers)("somebody else is not cmo: %s", async (_name, behave) => {
  const client = await clientOf(behave);
  expect(await client.probe({ timeoutMs: 5_000 })).toMatchObject({ reachable: false, reason: "not_cmo" });
  expect(api?.requests).toHaveLength(1);
});

it.each([
  [503, { ok: false }],
  [200, { ok: false }],
  [200, "well"],
])("cmo that is not well is unhealthy: %i %j", async (status, body) => {
  const client = await clientOf((response) => json(response, body, status, ours));
  expect(await client.probe({ timeoutMs: 5_000 })).toMatchObject({ reachable: false, reason: "unhealthy" });
});
