import { createLog } from "@cmo/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp, listen } from "../../src/index.ts";
import { openAnswerChecker } from "../support/answer-checker.ts";
import { type ApiPlace, openApiPlace, smallConfig } from "../support/api-place.ts";
import { bearer, testKeys } from "../support/test-keys.ts";

describe("S37 A server with keys", () => {
  const keys = testKeys();
  let place: ApiPlace;
  beforeAll(async () => {
    place = await openApiPlace({ keys: keys.directory, limits: { requestsPerMinute: 0 } });
  });
  afterAll(() => place.close());
  const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
    place.app.request(`http://cmo.works.example${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });

  it("lets nobody in without a key, or with a wrong one, on any route but those that are open", async () => {
    const { operations } = await openAnswerChecker(place.app);
    for (const { method, path, operation } of operations) {
      const target = path.replaceAll(/\{\w+\}/g, "x");
      const attempts: Record<string, string>[] = [
        {},
        bearer("cmo_aaaa0001_wrong"),
        bearer(`${keys.texts.works}x`),
        { "X-API-Key": "" },
        { "X-API-Key": "cmo_dddd0004_unknown" },
        { Authorization: `Basic ${Buffer.from(`x:${keys.texts.works}`).toString("base64")}` },
        { Authorization: keys.texts.works },
      ];
      for (const headers of attempts) {
        const answer = await ask(method, target, headers);
        if (operation.security?.length === 0) {
          // What is asked for need not be there.
          expect([200, 302, 404], path).toContain(answer.status);
        } else {
          expect(answer.status, `${method} ${path} ${JSON.stringify(headers)}`).toBe(401);
          expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="cmo"');
          expect(await answer.json()).toMatchObject({ code: "unauthenticated" });
        }
      }
    }
    expect((await ask("GET", "/api/nothing")).status).toBe(401);
  });

  it("takes a key as a bearer's or as X-API-Key", async () => {
    expect((await ask("GET", "/api/jobs", bearer(keys.texts.works))).status).toBe(200);
    expect((await ask("GET", "/api/jobs", { "X-API-Key": keys.texts.works })).status).toBe(200);
    expect((await ask("GET", "/api/jobs", { Authorization: `bearer ${keys.texts.works}` })).status).toBe(200);
  });

  it("gives each tenant its own jobs, and 404 for those of others on every route that names one", async () => {
    const json = { "Content-Type": "application/json" };
    const submitted = await ask(
      "POST",
      "/api/jobs",
      { ...bearer(keys.texts.works), ...json },
      JSON.stringify({ config: smallConfig }),
    );
    const { jobId } = (await submitted.json()) as { jobId: string };
    await place.work(jobId);
    const { operations } = await openAnswerChecker(place.app);
    const named = operations.filter(({ path }) => path.includes("{id}"));
    expect(named.length).toBeGreaterThan(12);
    const events = (await place.runtime.engine.job(jobId))?.lastSeq;
    for (const { method, path } of named) {
      const target = path
        .replace("{id}", jobId)
        .replace("{other}", jobId)
        .replace("{name}", `${jobId}_leads.csv`);
      const foreign = await ask(method, target, bearer(keys.texts.other));
      expect(foreign.status, `${method} ${path}`).toBe(404);
      const nobodys = await ask(
        method,
        target.replaceAll(jobId, "job_00000000000000000000"),
        bearer(keys.texts.other),
      );
      // Nobody can tell another's job from none.
      expect((await foreign.text()).replaceAll(jobId, "JOB")).toBe(
        (await nobodys.text()).replaceAll("job_00000000000000000000", "JOB"),
      );
    }
    expect((await place.runtime.engine.job(jobId))?.lastSeq).toBe(events);
    // A job of one's own opens no other that it is compared with.
    const { jobId: own } = await place.parts.service("other").submit({ config: smallConfig });
    await place.work(own);
    for (const pair of [`${own}/diff/${jobId}`, `${jobId}/diff/${own}`]) {
      const answer = await ask("GET", `/api/jobs/${pair}`, bearer(keys.texts.other));
      expect(answer.status, pair).toBe(404);
      expect(await answer.json()).toMatchObject({ detail: `There is no job ${jobId} in this store.` });
    }
    await place.parts.service("other").eraseJobs({ jobIds: [own] });
    expect(await (await ask("GET", "/api/jobs", bearer(keys.texts.other))).json()).toEqual({
      jobs: [],
      next: null,
    });
    expect((await ask("GET", `/api/jobs?after=${jobId}`, bearer(keys.texts.other))).status).toBe(400);
    expect((await ask("GET", `/api/events?jobs=${jobId}`, bearer(keys.texts.other))).status).toBe(404);
    const erased = await ask("DELETE", "/api/jobs?all=true", bearer(keys.texts.other));
    expect(await erased.json()).toMatchObject({ jobs: [] });
    // An idempotency key is the tenant's, too.
    const once = { ...json, "Idempotency-Key": "same" };
    const [mine, theirs] = await Promise.all(
      [keys.texts.works, keys.texts.other].map(async (text) => {
        const answer = await ask(
          "POST",
          "/api/jobs",
          { ...bearer(text), ...once },
          JSON.stringify({ config: smallConfig }),
        );
        return ((await answer.json()) as { jobId: string }).jobId;
      }),
    );
    expect(mine).not.toBe(theirs);
    // What belongs to it, it reads.
    expect((await ask("GET", `/api/jobs/${jobId}`, bearer(keys.texts.operator))).status).toBe(200);
  });

  it("shows metrics to operators only", async () => {
    expect((await ask("GET", "/metrics", bearer(keys.texts.works))).status).toBe(403);
    expect((await ask("GET", "/metrics", bearer(keys.texts.operator))).status).toBe(200);
  });

  it("refuses a key in an address, wherever in it, and writes it nowhere", async () => {
    const lines: string[] = [];
    const log = createLog({
      write: (line) => lines.push(line),
      now: () => 0,
      level: "debug",
      redact: place.runtime.redact,
    });
    const app = createApp({ ...place.parts, log });
    const key = keys.texts.works;
    for (const path of [
      `/api/jobs?api_key=${key}`,
      `/api/jobs?key=${key}`,
      "/api/jobs?access_token=anything",
      "/api/jobs?limit=1&X-API-Key=anything",
      `/api/jobs?search=${key}`,
      `/api/jobs/${key}`,
      `/healthz?token=${key}`,
    ]) {
      const answer = await app.request(`http://cmo.works.example${path}`, { headers: bearer(key) });
      expect(answer.status, path).toBe(400);
      expect(await answer.text()).not.toContain(key);
    }
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes(key))).toEqual([]);
  });

  it("lets pages of other places change nothing, and grants them no preflight", async () => {
    const headers = {
      ...bearer(keys.texts.works),
      "Content-Type": "application/json",
      Origin: "https://elsewhere.test",
    };
    const body = JSON.stringify({ config: smallConfig });
    expect((await ask("POST", "/api/jobs", { ...headers, Host: "cmo.works.example" }, body)).status).toBe(
      403,
    );
    const own = { ...headers, Host: "cmo.works.example", Origin: "https://cmo.works.example" };
    expect((await ask("POST", "/api/jobs", own, body)).status).toBe(201);
    // Behind a proxy that has another name for us, the browser's own word counts.
    const proxied = {
      ...headers,
      Host: "inside:2660",
      Origin: "https://cmo.works.example",
      "Sec-Fetch-Site": "same-origin",
    };
    expect((await ask("POST", "/api/jobs", proxied, body)).status).toBe(201);
    const preflight = await ask("OPTIONS", "/api/jobs", {
      Origin: "https://elsewhere.test",
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "authorization",
    });
    expect(preflight.status).toBeGreaterThanOrEqual(400);
    const read = await ask("GET", "/api/jobs", headers);
    for (const answer of [preflight, read]) {
      expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  it("lets a key ask so often and no oftener, says when again, and leaves others and health alone", async () => {
    let now = 1_000_000;
    const limited = await openApiPlace({
      location: "memory",
      keys: keys.directory,
      limits: { requestsPerMinute: 60, requestBurst: 3 },
      host: { clock: { now: () => now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) } },
    });
    const read = (text: string) =>
      limited.app.request("http://x.example/api/jobs", { headers: bearer(text) });
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await read(keys.texts.works)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = await read(keys.texts.works);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await refused.json()).toMatchObject({ code: "rate_limited", retryable: true });
    expect((await read(keys.texts.other)).status).toBe(200);
    expect((await limited.app.request("http://x.example/healthz")).status).toBe(200);
    now += 1_000;
    expect((await read(keys.texts.works)).status).toBe(200);
    expect((await read(keys.texts.works)).status).toBe(429);
    // A clock that was set back locks nobody out.
    now -= 500_000;
    expect((await read(keys.texts.works)).status).toBe(429);
    now += 2_000;
    expect((await read(keys.texts.works)).status).toBe(200);
    await limited.close();
  });

  it("answers under whatever name it is asked for, over a real socket too", async () => {
    const listening = await listen(place.app);
    const answer = await fetch(`${listening.url}/api/jobs`, { headers: bearer(keys.texts.works) });
    expect(answer.status).toBe(200);
    await listening.close();
  });
});
