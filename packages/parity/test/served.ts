import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { apiPartsOf, createApp, type ListeningApp, listen } from "@cmo/api";
import { type Client, createClient } from "@cmo/client";
import type { JobEvent } from "@cmo/engine";
import { newSchema } from "@cmo/postgres";
import { createRuntime, openRuntime } from "@cmo/runtime";
import { createPostgresStore } from "@cmo/store-postgres";
import { createHastyHost, standingStill } from "./hasty-host.ts";
import { presets } from "./in-process.ts";
import { filesIn, type Outcome, outcomeOf } from "./outcome.ts";
import { runCmo } from "./run-cmo.ts";

/** A server with a worker in it, as `cmo serve` starts one. */
export interface ServedPlace {
  readonly listening: ListeningApp;
  readonly client: Client;
  close(): Promise<void>;
}

/**
 * A fleet, as far as one process can be one: an API that only takes jobs, and so many workers, each with connections of
 * its own to one database.
 */
export async function serveFleet(folder: string, url: string, workers: number): Promise<ServedPlace> {
  await mkdir(folder, { recursive: true });
  // One clock for all, as the database's is where nobody hurries.
  const host = createHastyHost(folder, 25);
  const schema = newSchema();
  const open = async () => {
    const store = await createPostgresStore({ url, schema, clock: host.clock, connections: 4 });
    return createRuntime({ host, store, leaseMs: 3_600_000 });
  };
  const runtimes = await Promise.all(Array.from({ length: workers }, open));
  const stop = new AbortController();
  const working = runtimes.map(({ engine }) => engine.startWorker({ concurrency: 1, signal: stop.signal }));
  const front = await open();
  const parts = apiPartsOf(
    standingStill({ ...front, location: { type: "memory" } as const, leaseMs: 3_600_000 }),
    {
      limits: { requestsPerMinute: 0 },
    },
  );
  const listening = await listen(createApp(parts));
  return {
    listening,
    client: createClient({ baseUrl: listening.url }),
    async close() {
      stop.abort();
      await Promise.all(working);
      await parts.streams.close();
      await listening.close();
      await Promise.all([front, ...runtimes].map((runtime) => runtime.close()));
    },
  };
}

/** Serves from a store of its own, on the loopback. */
export async function serveFrom(folder: string, store: "memory" | "cmo.db"): Promise<ServedPlace> {
  await mkdir(folder, { recursive: true });
  const runtime = await openRuntime({ host: createHastyHost(folder), location: store });
  const parts = apiPartsOf(standingStill(runtime), { limits: { requestsPerMinute: 0 } });
  const listening = await listen(createApp(parts));
  const stop = new AbortController();
  const working = runtime.engine.startWorker({ concurrency: 2, signal: stop.signal });
  return {
    listening,
    client: createClient({ baseUrl: listening.url }),
    async close() {
      stop.abort();
      await working;
      await parts.streams.close();
      await listening.close();
      await runtime.close();
    },
  };
}

/** Runs a campaign by the client, and keeps what the server serves of it in a folder. */
export async function runByClient(
  config: Readonly<Record<string, unknown>>,
  { client }: ServedPlace,
  folder: string,
): Promise<Outcome> {
  const { jobId } = await client.submit({ config });
  const events: JobEvent[] = [];
  for await (const event of client.watch(jobId)) events.push(event);
  await keepServed(client, jobId, folder);
  return outcomeOf(events, folder);
}

/** Runs a campaign with the built `cmo`, through the API, and gives what it wrote and what it printed. */
export async function runByCommand(
  config: Readonly<Record<string, unknown>>,
  { listening }: ServedPlace,
  folder: string,
) {
  await mkdir(folder, { recursive: true });
  // JSON is YAML.
  await writeFile(join(folder, "campaign.yaml"), JSON.stringify(config));
  const result = await runCmo(
    [
      ...[
        "run",
        "--config",
        "campaign.yaml",
        "--mode",
        "api",
        "--api-base",
        listening.url,
        "--output",
        "json",
      ],
      ...presets.flatMap((preset) => ["--preset", preset]),
    ],
    folder,
  );
  const events = result.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JobEvent);
  return { result, events, outcome: await outcomeOf(events, join(folder, "exports")) };
}

/** Writes what the server serves of a job into a folder, byte for byte, and gives it by name. */
export async function keepServed(
  client: Client,
  jobId: string,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  await mkdir(folder, { recursive: true });
  const { dryRun } = await client.job(jobId);
  const { artifacts } = dryRun ? { artifacts: [] } : await client.artifacts(jobId);
  for (const { name } of artifacts) {
    const { pieces } = await client.artifact(jobId, name);
    const bytes: (Uint8Array | string)[] = [];
    for await (const piece of pieces) bytes.push(piece);
    await writeFile(join(folder, name), Buffer.concat(bytes.map((piece) => Buffer.from(piece))));
  }
  return filesIn(folder);
}
