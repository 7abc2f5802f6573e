import type { Store } from "@cmo/engine";
import type { ApiKey, KeyDirectory, StoredRuntime } from "@cmo/runtime";
import { afterEach, describe, expect, it } from "vitest";
import { apiPartsOf, createApp } from "../../src/index.ts";
import { createApiMetrics } from "../../src/operation/create-api-metrics.ts";
import { type ApiPlace, openApiPlace } from "../support/api-place.ts";
import { readExposition } from "./read-exposition.ts";

const places: ApiPlace[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) await place.close();
});

async function open(options: Parameters<typeof openApiPlace>[0] = {}): Promise<ApiPlace> {
  const place = await openApiPlace({ location: "memory", ...options });
  places.push(place);
  return place;
}

/** The app of a place whose store does something else. */
function appOver({ runtime }: ApiPlace, store: Partial<Store>, isStopping = () => false) {
  const changed: StoredRuntime = { ...runtime, store: { ...runtime.store, ...store } };
  const { clock } = runtime.host;
  const { meter } = createApiMetrics({ store: () => changed.store, clock, version: "1.2.3" });
  return createApp(apiPartsOf(changed, { meter, isStopping }));
}

function ask(app: ApiPlace["app"], path: string, headers: Record<string, string> = {}) {
  return app.request(path, { headers: { host: "127.0.0.1:2660", ...headers } });
}

function keysOf(...keys: readonly (Pick<ApiKey, "role"> & { secret: string })[]): KeyDirectory {
  const known = keys.map(({ secret, role }): ApiKey & { secret: string } => ({
    secret,
    id: role,
    role,
    tenant: "works",
    label: null,
    createdAt: null,
    origin: "environment",
  }));
  return { find: (secret) => known.find((key) => key.secret === secret) ?? null, list: () => known };
}

describe("/healthz", () => {
  it("says that it is well, in the words by which a client knows the API, and nothing else", async () => {
    const { app } = await open({ keys: keysOf() });
    const answer = await ask(app, "/healthz");
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('{"ok":true}');
    expect(answer.headers.get("cmo-api")).toBe("1");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("is well when the store is not: a server that lives is not to be killed for its store", async () => {
    const app = appOver(await open(), { readJob: () => Promise.reject(new Error("the disk is gone")) });
    expect((await ask(app, "/healthz")).status).toBe(200);
  });
});

describe("/readyz", () => {
  it("is ready when the store answers", async () => {
    const { app } = await open();
    const answer = await ask(app, "/readyz");
    expect([answer.status, await answer.text()]).toEqual([200, '{"ok":true}']);
  });

  it("is not when the store fails, and does not say why", async () => {
    const app = appOver(await open(), { readJob: () => Promise.reject(new Error("the disk is gone")) });
    const answer = await ask(app, "/readyz");
    expect([answer.status, await answer.text()]).toEqual([503, '{"ok":false}']);
  });

  it("is not when the store takes too long, and asks it nothing more until it has answered", async () => {
    let asked = 0;
    let answer = (_job: null): void => {};
    const place = await open();
    const app = appOver(
      { ...place, runtime: { ...place.runtime, host: { ...place.runtime.host, clock: impatient } } },
      {
        readJob: () => {
          asked += 1;
          return new Promise((resolve) => {
            answer = resolve;
          });
        },
      },
    );
    for (let times = 0; times < 3; times += 1) expect((await ask(app, "/readyz")).status).toBe(503);
    expect(asked).toBe(1);
    answer(null);
    await new Promise((resolve) => setImmediate(resolve));
    expect((await ask(app, "/readyz")).status).toBe(503);
    expect(asked).toBe(2);
  });

  it("S19 is not any more when the server is being stopped", async () => {
    let isStopping = false;
    const app = appOver(await open(), {}, () => isStopping);
    expect((await ask(app, "/readyz")).status).toBe(200);
    isStopping = true;
    expect((await ask(app, "/readyz")).status).toBe(503);
    expect((await ask(app, "/healthz")).status).toBe(200);
  });
});

/** Every wait is over at once. */
const impatient = {
  now: () => Date.now(),
  sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
};

describe("/metrics", () => {
  it("S37 is for an operator's key where there are keys", async () => {
    const keys = keysOf(
      { secret: "the-member", role: "member" },
      { secret: "the-operator", role: "operator" },
    );
    const { app } = await open({ keys });
    const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
    expect((await ask(app, "/metrics")).status).toBe(401);
    expect((await ask(app, "/metrics", bearer("nobody"))).status).toBe(401);
    const refused = await ask(app, "/metrics", bearer("the-member"));
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: "forbidden", status: 403 });
    const answer = await ask(app, "/metrics", bearer("the-operator"));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  });

  it("is for everybody on this machine where there are none, and for no page of another place", async () => {
    const { app } = await open();
    expect((await ask(app, "/metrics")).status).toBe(200);
    expect((await ask(app, "/metrics", { host: "rebound.example" })).status).toBe(421);
    expect((await ask(app, "/metrics", { origin: "https://page.example" })).status).toBe(403);
  });

  it("tells how many jobs there are and wait, and for how long the first of them has", async () => {
    const place = await open();
    await place.submit();
    const jobId = await place.submit({ name: "other" });
    await place.runtime.engine.pause(jobId);
    const later = { ...place.runtime.host.clock, now: () => Date.now() + 60_000 };
    const app = appOver(
      { ...place, runtime: { ...place.runtime, host: { ...place.runtime.host, clock: later } } },
      {},
    );
    const { sum } = readExposition(await (await ask(app, "/metrics")).text());
    expect(sum("cmo_store_up")).toBe(1);
    expect(sum("cmo_jobs", { status: "queued" })).toBe(1);
    expect(sum("cmo_jobs", { status: "paused" })).toBe(1);
    expect(sum("cmo_jobs")).toBe(2);
    expect(sum("cmo_queue_claimable_jobs")).toBe(1);
    expect(sum("cmo_queue_oldest_age_seconds")).toBeGreaterThanOrEqual(60);
    expect(sum("cmo_queue_oldest_age_seconds")).toBeLessThan(120);
  });

  it("leaves out what a store does not tell, and says that it is down", async () => {
    let isDown = false;
    const place = await open();
    const app = appOver(place, {
      readQueue: () => (isDown ? Promise.reject(new Error("gone")) : place.runtime.store.readQueue()),
    });
    const read = async () => readExposition(await (await ask(app, "/metrics")).text());
    expect((await read()).sum("cmo_queue_oldest_age_seconds")).toBe(0);
    isDown = true;
    const down = await read();
    expect(down.sum("cmo_store_up")).toBe(0);
    expect(down.sum("cmo_jobs")).toBeNull();
    expect(down.sum("cmo_queue_claimable_jobs")).toBeNull();
    isDown = false;
    const again = await read();
    expect(again.sum("cmo_store_up")).toBe(1);
    expect(again.sum("cmo_queue_claimable_jobs")).toBe(0);
  });
});

describe("the document", () => {
  it("tells of all three, and that health needs no key", async () => {
    const { app } = await open();
    expect(await (await ask(app, "/openapi.json")).json()).toMatchObject({
      paths: {
        "/healthz": { get: { security: [] } },
        "/readyz": { get: { security: [], responses: { 200: {}, 503: {} } } },
        "/metrics": { get: { responses: { 200: { content: { "text/plain": {} } }, 401: {}, 403: {} } } },
      },
    });
  });
});
