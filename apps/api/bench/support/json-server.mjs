// One server of the bench: `bare`, or `api` with everything that it has in production. Says its port over IPC.

import { createCampaignService, createNodeHost, openRuntime } from "@cmo/runtime";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

const API = new URL(process.env.CMO_BENCH_API ?? "../../dist/index.js", import.meta.url);

const [kind, location] = process.argv.slice(2);
const runtime = await openRuntime({ host: createNodeHost(), location });
if (kind === "bare") await startBare();
else await startApi();

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send((user + system) / 1e6);
});

async function startBare() {
  const service = createCampaignService(runtime, { tenant: "bench", configDirectory: null });
  const app = new Hono();
  app.get("/api/jobs/:id", async (context) => context.json(await service.job(context.req.param("id"))));
  app.get("/api/jobs", async (context) =>
    context.json(await service.jobs({ limit: Number(context.req.query("limit") ?? 50) })),
  );
  app.get("/api/jobs/:id/leads", async (context) =>
    context.json(
      await service.leads(context.req.param("id"), { limit: Number(context.req.query("limit") ?? 100) }),
    ),
  );
  serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
    process.send({ port, headers: { Authorization: "Bearer ignored" } }),
  );
}

async function startApi() {
  const { apiPartsOf, createApp, listen } = await import(API.href);
  const key = { id: "bench", tenant: "bench", role: "member", label: null, createdAt: null, origin: "file" };
  const text = `cmo_bench_${"k".repeat(40)}`;
  const { createHash, timingSafeEqual } = await import("node:crypto");
  const digest = createHash("sha256").update(text).digest();
  // As the real one: a digest of what came, compared in constant time.
  const keys = {
    find: (secret) => (timingSafeEqual(createHash("sha256").update(secret).digest(), digest) ? key : null),
    list: () => [key],
  };
  const parts = apiPartsOf(runtime, {
    keys,
    limits: { requestsPerMinute: 100_000_000, requestBurst: 100_000_000 },
  });
  const { port } = await listen(createApp(parts));
  process.send({ port, headers: { Authorization: `Bearer ${text}` } });
}
