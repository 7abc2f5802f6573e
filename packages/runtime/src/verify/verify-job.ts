import { setImmediate } from "node:timers/promises";
import type { JobVerification, StoredFile } from "@cmo/contract";
import { instantOf } from "@cmo/contract";
import {
  asKnownEvent,
  CmoError,
  digestText,
  type EventData,
  engineVersion,
  type Job,
  type LeadExporter,
  specDigestInput,
  verifyLog,
  withoutFetchTimes,
} from "@cmo/engine";
import { leadExporters } from "@cmo/exporters";
import { nodeDigest } from "../host/node-digest.ts";
import type { Runtime } from "../runtime/create-runtime.ts";
import { renderGathered } from "../service/render-gathered.ts";

/** What a job is checked with. */
export type VerifyRuntime = Pick<Runtime, "store" | "engine">;

/**
 * Checks a job of the store against what was written: its log against the log's chain, its spec and its leads against the
 * log. Fewer rows than the log says are no change where people were erased or suppressed since.
 * @throws CmoError `not_found`.
 */
export async function verifyJob(runtime: VerifyRuntime, jobId: string): Promise<JobVerification> {
  const { store } = runtime;
  const job = await store.readStoredJob(jobId);
  if (job === null) throw new CmoError("not_found", `There is no job ${jobId} in this store.`);
  const log = await verifyLog(store, nodeDigest, jobId);
  const logged = await readLogged(runtime, job);
  const erasedAt = await lastErasure(runtime, job);
  const files: StoredFile[] = [];
  for (const exporter of leadExporters) {
    const artifact = logged.artifacts.get(exporter.kind);
    if (artifact !== undefined && job.finishedAt !== null)
      files.push(await compareFile(runtime, { job, exporter, artifact, wasErased: erasedAt !== null }));
  }
  const spec = logged.spec === null ? null : logged.spec === specDigestOf(job) ? "as_logged" : "changed";
  const isReduced = files.some(({ verdict }) => verdict === "reduced");
  return {
    jobId: job.id,
    ok: log.problem === null && spec !== "changed" && files.every(({ verdict }) => verdict !== "changed"),
    log: { ...log, uncovered: log.uncovered.map((one) => ({ ...one })) },
    spec,
    files,
    erasedAt: isReduced ? instantOf(erasedAt) : null,
  };
}

type Artifact = EventData<"artifact.created">;

interface CompareFile {
  readonly job: Job;
  readonly exporter: LeadExporter;
  readonly artifact: Artifact;
  /** Whether people were erased since the run. */
  readonly wasErased: boolean;
}

async function compareFile(
  { engine, store }: VerifyRuntime,
  { job, exporter, artifact, wasErased }: CompareFile,
): Promise<StoredFile> {
  const selection = exporter.rows === "contactable" ? { contactable: true } : {};
  let rows = 0;
  async function* comparable() {
    for await (const lead of engine.leads(job.id, selection)) {
      rows += 1;
      // A server has others to answer.
      if (rows % leadsAtOnce === 0) await setImmediate();
      yield withoutFetchTimes(lead);
    }
  }
  const stream = nodeDigest();
  for await (const piece of renderGathered(exporter, comparable)) stream.update(piece);
  const digest = stream.digest("hex");
  const wasSuppressed = rows < (await store.countLeads(job.id, selection));
  const isExplained = (wasErased || wasSuppressed) && rows <= artifact.rows;
  return {
    kind: exporter.kind,
    name: exporter.fileName(job.id),
    verdict: digest === artifact.digest ? "as_logged" : isExplained ? "reduced" : "changed",
    loggedRows: artifact.rows,
    rows,
    loggedDigest: artifact.digest,
    digest,
  };
}

const leadsAtOnce = 200;

/** What the log says of the spec and of the files; of a spec of another version nothing that could be compared. */
async function readLogged({ store }: VerifyRuntime, job: Job) {
  const artifacts = new Map<string, Artifact>();
  let spec: string | null = null;
  for (let after = 0; after < job.lastSeq; ) {
    const page = await store.readEvents(job.id, after, eventsPerPage);
    for (const raw of page) {
      const event = asKnownEvent(raw);
      if (event?.type === "artifact.created") artifacts.set(event.data.kind, event.data);
      if (event?.type === "job.queued" && event.data.engineVersion === engineVersion)
        spec = event.data.specDigest;
    }
    const last = page.at(-1)?.seq;
    if (last === undefined) break;
    after = last;
  }
  return { artifacts, spec };
}

const eventsPerPage = 1_000;

function specDigestOf({ spec }: Job): string {
  return digestText(nodeDigest, specDigestInput(spec));
}

/** When people were last erased since the job ended; null when they were not. */
async function lastErasure({ store }: VerifyRuntime, { finishedAt }: Job): Promise<number | null> {
  if (finishedAt === null) return null;
  const ledger = await store.listErasures(mostErasures);
  const since = ledger.find(({ scope, at }) => (scope === "person" || scope === "all") && at >= finishedAt);
  return since?.at ?? null;
}

/** Newest first: those of jobs stand between those of people. */
const mostErasures = 10_000;
