import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CampaignService, ServedFile, Submission } from "@cmo/contract";
import type { Host } from "../../src/host/host.ts";
import { openRuntime, type StoredRuntime } from "../../src/runtime/open-runtime.ts";
import { createCampaignService } from "../../src/service/create-campaign-service.ts";
import { testHost } from "../support/test-host.ts";

/** Where jobs of a test are kept. */
export const storeKinds = ["a file", "memory"] as const;
/** One of {@link storeKinds}. */
export type StoreKind = (typeof storeKinds)[number];

/** A folder with a store, a config folder, and services over it. */
export interface ServicePlace {
  readonly folder: string;
  readonly configDirectory: string;
  readonly runtime: StoredRuntime;
  /** Of the tenant `acme`. */
  readonly service: CampaignService;
  /** Of another tenant of the same store. */
  readonly others: CampaignService;
  serviceOf(tenant: string, configDirectory?: string | null): CampaignService;
  writeConfig(name: string, text: string): Promise<string>;
  /** Works on a job of whichever tenant to its end. */
  work(submission: Pick<Submission, "jobId">): Promise<string>;
  close(): Promise<void>;
}

/** Opens a {@link ServicePlace}. */
export async function openServicePlace(
  kind: StoreKind = "a file",
  host: Partial<Host> = {},
): Promise<ServicePlace> {
  const folder = await mkdtemp(join(tmpdir(), "cmo-service-"));
  const configDirectory = join(folder, "config");
  await mkdir(configDirectory);
  const runtime = await openRuntime({
    host: testHost({ cwd: folder, home: folder, ...host }),
    location: kind === "memory" ? "memory" : join(folder, "store", "cmo.db"),
  });
  const serviceOf = (tenant: string, directory: string | null = configDirectory) =>
    createCampaignService(runtime, { tenant, configDirectory: directory });
  return {
    folder,
    configDirectory,
    runtime,
    service: serviceOf("acme"),
    others: serviceOf("others"),
    serviceOf,
    async writeConfig(name, text) {
      const path = join(configDirectory, name);
      await writeFile(path, text);
      return path;
    },
    async work({ jobId }) {
      await runtime.engine.attend(jobId);
      return jobId;
    },
    async close() {
      await runtime.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A campaign of a moment, in a world that is the same each time. */
export const smallConfig = {
  name: "small",
  params: { stars_range: ">=5", activity_days: 365, target_leads: 30 },
  limits: { max_repos: 25, people_per_repo: 3 },
  source: { type: "simulator", seed: 5, repositories: 120 },
} as const;

/** A file as text. */
export async function textOf({ pieces }: ServedFile): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += typeof piece === "string" ? piece : Buffer.from(piece).toString();
  return text;
}
