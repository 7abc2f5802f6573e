import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSummary, canonicalLog, comparableSummary, type JobEvent } from "@cmo/engine";
import { buildLog, buildSpec, queuedDraft } from "@cmo/engine/testing";
import { onTestFinished } from "vitest";
import { ZipFile } from "yazl";
import type { RecordedAnswer } from "../format/recorded-answer.ts";
import { sealLength, sealOf, unsealed } from "../format/seal.ts";
import { type BundleParts, bundlePieces } from "../write/write-bundle.ts";

/** What a small run left: three answers and nine events. `change` gives other parts. */
export function sampleParts(change: Partial<BundleParts> = {}): BundleParts {
  const events = sampleEvents();
  const summary = buildSummary(events, []);
  return {
    facts: {
      kind: "full",
      jobId: "job_test",
      status: "completed",
      createdAt: "2030-01-02T00:00:00.000Z",
      writer: { cmo: "0.1.0", node: "20.20.2" },
      run: { engine: "0.0.0", agent: { name: "test", version: "1.0.0" } },
      files: [leadFile],
      expectedFrom: "run",
      jobs: ["job_test"],
    },
    config: sampleConfig,
    spec: buildSpec(),
    events: inTurn(events),
    recording: inTurn(sampleAnswers),
    summary,
    expected: { log: canonicalLog(events), summary: comparableSummary(summary) },
    ...change,
  };
}

/** The config of the sample, as somebody wrote it. */
export const sampleConfig = "# Ünï\nname: test\nparams: { target_leads: 3 }\n";

const leadFile = {
  kind: "leads_json",
  name: "job_test_leads.json",
  mediaType: "application/json",
  bytes: 120,
  rows: 1,
  digest: "a".repeat(64),
};

/** The log of the sample. */
export function sampleEvents(): JobEvent[] {
  return buildLog([
    queuedDraft,
    { type: "job.started", data: { attempt: 1 } },
    { type: "stage.started", data: { stage: "first" } },
    {
      type: "stage.progress",
      data: { stage: "first", itemsProcessed: 1, itemsTotal: 2, currentItem: "ünï", percent: 10 },
    },
    { type: "stage.completed", data: { stage: "first", counts: { things: 2 } } },
    { type: "log", data: { level: "warning", code: "data.target_not_met", message: "Only 1 of 3." } },
    { type: "artifact.created", data: { ...leadFile, partial: false } },
    { type: "metrics", data: { metrics: { leads: 1 } } },
    { type: "job.completed", data: { targetMet: false } },
  ]);
}

/** The answers of the sample. */
export const sampleAnswers: readonly RecordedAnswer[] = ["1", "2", "é"].map((item) => ({
  kind: "thing",
  item,
  input: "b".repeat(64),
  fetchedAt: 1_893_456_000_000,
  job: 0,
  value: { name: `thing ${item}`, "10": [null, 1.5, "\u2028"] },
}));

/** The bytes of a bundle of these parts. */
export async function bundleBytes(parts: BundleParts = sampleParts()): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bundlePieces(parts)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** A file with these bytes, in a folder that is gone when the test is over. */
export async function fileOf(bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cmo-bundle-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "job_test_bundle.zip");
  await writeFile(path, bytes);
  return path;
}

/** An archive of any entries, with the seal of a bundle: what somebody may make who knows how bundles are sealed. */
export async function sealedArchive(entries: readonly (readonly [string, Buffer])[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of entries) zip.addBuffer(content, name);
  zip.end({ forceZip64Format: false, comment: unsealed });
  const pieces: Buffer[] = [];
  for await (const piece of zip.outputStream) pieces.push(Buffer.from(piece));
  return reseal(Buffer.concat(pieces));
}

/** The archive with the seal that its bytes have now. */
export function reseal(archive: Buffer): Buffer {
  const content = archive.subarray(0, archive.length - sealLength);
  const digest = createHash("sha256").update(content).digest("hex");
  return Buffer.concat([content, Buffer.from(sealOf(digest), "latin1")]);
}

/** What is given one after the other. */
export async function* inTurn<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
