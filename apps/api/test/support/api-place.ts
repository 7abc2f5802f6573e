import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNodeHost, type Host, openRuntime, type StoredRuntime } from "@cmo/runtime";
import type { Hono } from "hono";
import type { ApiEnv, ApiParts, ApiPartsOptions } from "../../src/index.ts";
import { apiPartsOf, createApp } from "../../src/index.ts";

/** An API over a store of its own in a folder of its own. */
export interface ApiPlace {
  readonly folder: string;
  readonly runtime: StoredRuntime;
  readonly parts: ApiParts;
  readonly app: Hono<ApiEnv>;
  /** A campaign of the simulator, small and offline. */
  submit(more?: object): Promise<string>;
  /** Works on everything that is queued, until it has ended. */
  work(jobId: string): Promise<void>;
  close(): Promise<void>;
}

/** What is different from a server that nobody has set up further. */
export interface ApiPlaceOptions extends ApiPartsOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly host?: Partial<Host>;
  /** Default: a file in the folder. */
  readonly location?: string;
}

/** A config that any server can work on. */
export const smallConfig = {
  name: "small",
  params: { language: "Python", stars_range: "100..2000", activity_days: 90, target_leads: 5 },
  source: { type: "simulator", seed: 7, repositories: 120 },
} as const;

/** Opens an {@link ApiPlace}. */
export async function openApiPlace(options: ApiPlaceOptions = {}): Promise<ApiPlace> {
  const { env = {}, host: hostChanges = {}, location, ...partsOptions } = options;
  const folder = await mkdtemp(join(tmpdir(), "cmo-api-"));
  const node = createNodeHost();
  const host: Host = { ...node, home: folder, env: { ...env }, cwd: folder, ...hostChanges };
  const runtime = await openRuntime({ host, location: location ?? join(folder, "cmo.db") });
  const parts = apiPartsOf(runtime, partsOptions);
  const app = createApp(parts);
  return {
    folder,
    runtime,
    parts,
    app,
    async submit(more = {}) {
      const { jobId } = await parts.service("local").submit({ config: { ...smallConfig, ...more } });
      return jobId;
    },
    async work(jobId) {
      await runtime.engine.attend(jobId);
    },
    async close() {
      await parts.streams.close();
      await runtime.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
