import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import type { ApiEnv } from "../../src/index.ts";
import { createApiMeter } from "../../src/operation/create-api-meter.ts";
import { identified, observeRequests } from "../../src/operation/observe-requests.ts";
import { Registry } from "../../src/operation/prometheus.ts";
import { createKeptLog } from "./log-lines.ts";
import { readExposition } from "./read-exposition.ts";

const jobId = "job_01m8dybc3hv9wgxp5ny4";

function openApp(level: "debug" | "info" = "info") {
  const registry = new Registry();
  const kept = createKeptLog(level);
  const meter = createApiMeter(registry);
  const app = new Hono<ApiEnv>();
  app.use("*", observeRequests({ meter, log: kept.log }));
  app.use("*", async (context, next) => {
    await next();
    context.res = identified(context.res, context);
  });
  app.use("/api/*", async (context, next) => {
    if (context.req.header("x-api-key") === "wrong") return context.text("no", 401);
    const key = { id: "k1", tenant: "works", role: "member", label: null, createdAt: null } as const;
    context.set("caller", { tenant: "works", key: { ...key, origin: "file" } });
    return next();
  });
  const jobs = new Hono<ApiEnv>()
    .get("/:id", (context) => context.json({ requestId: context.get("requestId") }))
    .post("/:id/cancel", (context) => context.json({}, 202))
    .post("/", (context) => context.json({}, 201, { Location: `/api/jobs/${jobId}` }));
  app.route("/api/jobs", jobs);
  app.get("/api/people/:login", (context) => context.json({}, 404));
  app.get("/api/broken", () => {
    throw new Error("broken");
  });
  app.get("/static/*", (context) => context.text("page"));
  app.onError((_error, context) => context.text("sorry", 500));
  return { app, ...kept, exposition: async () => readExposition(await meter.exposition()) };
}

describe("the id of a request", () => {
  it("is the one that it came with, and comes back with the answer", async () => {
    const { app } = openApp();
    const answer = await app.request("/api/jobs/x", { headers: { "X-Request-Id": "from-the.proxy_1" } });
    expect(answer.headers.get("x-request-id")).toBe("from-the.proxy_1");
    expect(await answer.json()).toEqual({ requestId: "from-the.proxy_1" });
  });

  it.each([
    ["none", undefined],
    ["an empty one", ""],
    ["a long one", "a".repeat(65)],
    ["one with a space", "a b"],
    ["one that would be markup", "<script>"],
    ["one with an address", "jane@works.example"],
  ])("is a new one in place of %s", async (_what, given) => {
    const { app } = openApp();
    const headers = given === undefined ? {} : { "X-Request-Id": given };
    const ids = [
      await app.request("/api/jobs/x", { headers }),
      await app.request("/api/jobs/x", { headers }),
    ].map((answer) => answer.headers.get("x-request-id"));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });

  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  it("is on answers over a socket too, and on those of errors", async () => {
    const { app } = openApp();
    const server = createServer(getRequestListener(app.fetch));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    for (const path of ["/api/jobs/x", "/api/broken", "/nothing"]) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        headers: { "X-Request-Id": "mine", connection: "close" },
      });
      expect(answer.headers.get("x-request-id")).toBe("mine");
      await answer.text();
    }
  });
});

describe("the log of requests", () => {
  it("S04 has a line for each change, with the job that it was about or made", async () => {
    const { app, lines } = openApp();
    await app.request(`/api/jobs/${jobId}/cancel`, { method: "POST", headers: { "X-Request-Id": "r1" } });
    await app.request("/api/jobs", { method: "POST" });
    expect(lines("request")).toEqual([
      {
        time: "2030-01-01T00:00:00.000Z",
        level: "info",
        message: "request",
        method: "POST",
        route: "/api/jobs/:id/cancel",
        status: 202,
        ms: expect.any(Number),
        requestId: "r1",
        keyId: "k1",
        tenant: "works",
        jobId,
      },
      expect.objectContaining({ route: "/api/jobs", status: 201, jobId }),
    ]);
  });

  it("has reads that went well at debug only, and those that did not at info", async () => {
    const usual = openApp();
    await usual.app.request(`/api/jobs/${jobId}`);
    await usual.app.request("/api/people/somebody");
    expect(usual.lines().map(({ level, route, status }) => [level, route, status])).toEqual([
      ["info", "/api/people/:login", 404],
    ]);
    const debug = openApp("debug");
    await debug.app.request(`/api/jobs/${jobId}`);
    expect(debug.lines()).toEqual([expect.objectContaining({ level: "debug", status: 200, jobId })]);
  });

  it("has errors of ours at warn", async () => {
    const { app, lines } = openApp();
    await app.request("/api/broken");
    expect(lines()).toEqual([expect.objectContaining({ level: "warn", status: 500, route: "/api/broken" })]);
  });

  it("S34 never has the path, the query, or what somebody put in the place of an id", async () => {
    const { app, text, lines } = openApp("debug");
    const canary = "canary-5f2d7c";
    for (const path of [
      `/api/people/${canary}`,
      `/api/jobs/${canary}`,
      `/api/jobs/${jobId}?key=${canary}`,
      `/${canary}`,
      `/static/${canary}`,
      `/api/${canary}`,
    ]) {
      await app.request(path, { headers: { "user-agent": canary, "x-forwarded-for": "203.0.113.7" } });
    }
    expect(text()).not.toContain(canary);
    expect(text()).not.toContain("203.0.113.7");
    expect(lines().map(({ route }) => route)).toEqual([
      "/api/people/:login",
      "/api/jobs/:id",
      "/api/jobs/:id",
      "unmatched",
      "/static/*",
      "unmatched",
    ]);
  });

  it("names the route that a refused request was for", async () => {
    const { app, lines } = openApp();
    await app.request("/api/people/somebody", { headers: { "X-API-Key": "wrong" } });
    expect(lines()).toEqual([expect.objectContaining({ route: "/api/people/:login", status: 401 })]);
    expect(lines()[0]).not.toHaveProperty("tenant");
  });
});

describe("the metrics of requests", () => {
  it("count by method, pattern and status, and keep times by method and pattern", async () => {
    const { app, exposition } = openApp();
    for (let times = 0; times < 3; times += 1) await app.request(`/api/jobs/${jobId}`);
    await app.request("/api/people/one");
    await app.request("/api/people/another");
    const { sum } = await exposition();
    expect(sum("cmo_http_requests_total")).toBe(5);
    const labels = { method: "GET", route: "/api/jobs/:id" };
    expect(sum("cmo_http_requests_total", { ...labels, status: "200" })).toBe(3);
    expect(sum("cmo_http_request_duration_seconds_count", labels)).toBe(3);
    expect(sum("cmo_http_requests_total", { route: "/api/people/:login", status: "404" })).toBe(2);
  });

  it("have no more series for hostile requests than for decent ones", async () => {
    const { app, exposition } = openApp();
    for (let index = 0; index < 200; index += 1) {
      await app.request(`/nothing/${index}`);
      await app.request(`/api/jobs/${index}`);
      await app.request("/api/jobs/x", { method: `M${index}` });
    }
    const { metrics, sum } = await exposition();
    expect(sum("cmo_http_requests_total")).toBe(600);
    expect(metrics.get("cmo_http_requests_total")?.samples.length).toBeLessThanOrEqual(4);
  });
});
