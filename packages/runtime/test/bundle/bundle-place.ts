import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCampaign, type SuppressionEntry } from "@cmo/engine";
import { onTestFinished } from "vitest";
import { openJobBundle } from "../../src/bundle/job-bundle.ts";
import { rehearsalHost } from "../../src/chaos/rehearsal.ts";
import { createVirtualClock } from "../../src/chaos/virtual-clock.ts";
import { createCampaignSpec, createRuntime, type Runtime } from "../../src/index.ts";

/** A runtime over a store in memory, in whose time nobody waits for anything. */
export function openPlace(): Runtime {
  const clock = createVirtualClock({ now: Date.parse("2026-11-01T00:00:00.000Z") });
  const runtime = createRuntime({ host: rehearsalHost(clock, "bundles") });
  onTestFinished(async () => {
    clock.stop();
    await runtime.close();
  });
  return runtime;
}

/** What a person would write, for a small simulated world. */
export function smallCampaign(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    name: "bundled",
    source: { type: "simulator", seed: 5, repositories: 120 },
    params: { language: "Go", stars_range: ">=10", activity_days: 365, target_leads: 15 },
    default_icp: { topics: [] },
    ...more,
  };
}

/** Runs a campaign to its end, whatever that is, and gives the id of its job. */
export async function runCampaignIn(
  runtime: Runtime,
  config: Readonly<Record<string, unknown>>,
  options: {
    jobId?: string;
    suppress?: readonly SuppressionEntry[];
    /** Cancels it as soon as its log has so many events; a short one may have ended before. */
    cancelAfter?: number | null;
  } = {},
): Promise<string> {
  const parsed = parseCampaign(config);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { jobId = "job_bundled", suppress = [], cancelAfter = null } = options;
  const spec = await createCampaignSpec(runtime, { config: parsed.value });
  const hashes = await runtime.engine.hashSuppression(suppress);
  let seen = 0;
  const cancelWhenDue = async () => {
    seen += 1;
    if (seen === cancelAfter) await runtime.engine.cancel(jobId).catch(() => {});
  };
  await runtime.engine.runInproc({ ...spec, suppress: [...spec.suppress, ...hashes] }, [cancelWhenDue], {
    jobId,
  });
  return jobId;
}

/** Writes the bundle of a job into a folder that is gone when the test is over. */
export async function writeBundle(runtime: Runtime, jobId: string, kind: "full" | "shared" = "full") {
  const { pieces, ...bundle } = await openJobBundle(runtime, jobId, kind);
  const bytes: Uint8Array[] = [];
  for await (const piece of pieces) bytes.push(piece);
  const content = Buffer.concat(bytes);
  return { ...bundle, content, path: await fileOf(content) };
}

/** A file with these bytes. */
export async function fileOf(bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cmo-bundle-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "job_bundled_bundle.zip");
  await writeFile(path, bytes);
  return path;
}
