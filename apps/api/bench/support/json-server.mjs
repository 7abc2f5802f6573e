// One server of the bench: `bare`, or `api`, which is the one that is run in production, with a key, limits, metrics and
// a log. Says its port over IPC, and how much of its processor's time it has used when it is asked.
import { createHash } from "node:crypto";
import { createCampaignService, createNodeHost, openRuntime } from "@cmo/runtime";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

const API = new URL(process.env.CMO_BENCH_API ?? "../../dist/server.js", import.meta.url);

const [kind, location] = process.argv.slice(2);
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send((user + system) / 1e6);
});
if (kind === "bare") await startBare();
else await startApi();

async function startBare() {
  const runtime = await openRuntime({ host: createNodeHost(), location });
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
  const key = `cmo_bench_${"k".repeat(40)}`;
  const digest = createHash("sha256").update(key).digest("hex");
  const env = { CMO_API_KEYS: `bench:bench:member:${digest}`, CMO_REQUESTS_PER_MINUTE: "0" };
  const api = await import(API.href);
  await api.serve(
    { port: 0, store: location, worker: false },
    {
      host: { ...createNodeHost(), env },
      signal: new AbortController().signal,
      write: (line) => process.stderr.write(line.includes('"level":"error"') ? line : ""),
      onListening: (url) =>
        process.send({ port: Number(new URL(url).port), headers: { Authorization: `Bearer ${key}` } }),
    },
  );
}
