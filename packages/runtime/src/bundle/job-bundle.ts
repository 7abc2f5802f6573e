import { lastDecisionOf } from "@cmo/agent";
import {
  type BundleFile,
  type BundleManifest,
  bundlePieces,
  canonicalLogOf,
  type ExpectedOutcome,
  type RecordedAnswer,
} from "@cmo/bundle";
import type { BundleKind } from "@cmo/contract";
import {
  asKnownEvent,
  CmoError,
  comparableSummary,
  createEventScreen,
  engineVersion,
  type Job,
  type JobEvent,
  type Store,
} from "@cmo/engine";
import { nodeDigest } from "../host/node-digest.ts";
import type { Runtime } from "../runtime/create-runtime.ts";
import { compareOutcomes } from "./compare-outcomes.ts";
import { findPeopleLeftOut } from "./people-left-out.ts";
import { readEvents } from "./read-events.ts";
import { readLineage, readRecording } from "./read-recording.ts";
import { replayRecording } from "./replay-recording.ts";
import { type RunEnding, readEnding } from "./run-ending.ts";
import { type SharedRun, shareRun } from "./share-run.ts";
import { surveyRecording } from "./survey-recording.ts";
import { untilClosed } from "./until-closed.ts";

/** What bundles are made from. */
export type BundleRuntime = Pick<Runtime, "store" | "engine" | "agent" | "host">;

/** A bundle that is ready to be written. */
export interface JobBundle {
  readonly kind: BundleManifest["kind"];
  /** See the manifest. */
  readonly expectedFrom: BundleManifest["expected"]["from"];
  /** The job whose answers it may lack, since it was erased; null for none. A shared bundle lacks none. */
  readonly erased: string | null;
  /** Its bytes; to be taken once. Closes the bundle when they were, or are not wanted any more. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Lets go what the bytes are made from; for who does not take them. */
  close(): Promise<void>;
}

/** The name of a job's bundle. */
export function bundleFileName(jobId: string): string {
  return `${jobId}_bundle.zip`;
}

/**
 * A bundle of a job: `full` as it is stored, `shared` with pseudonyms for everybody and everything (`shareRun`); without anybody who is suppressed or erased by now. Where somebody was taken out of
 * the recording, what a replay comes to is no longer what the run came to: then the agent is run over what is left, and
 * that is what is expected.
 * @throws CmoError `not_found`; `conflict` for a job that has not ended.
 */
export async function openJobBundle(
  runtime: BundleRuntime,
  jobId: string,
  kind: BundleKind,
): Promise<JobBundle> {
  const { store, engine, agent, host } = runtime;
  const job = await readEndedJob(store, jobId);
  const { jobs, erased } = await readLineage(store, jobId);
  const stored = () => readRecording(store, jobs);
  const leftOut =
    agent.people === undefined
      ? null
      : await findPeopleLeftOut({ store, people: agent.people, digest: nodeDigest }, job, stored);
  const screen = leftOut === null ? null : createEventScreen(leftOut.identity);

  async function* recording(): AsyncGenerator<RecordedAnswer, void, undefined> {
    for await (const answer of stored()) {
      const left = leftOut === null ? answer : leftOut.without(answer);
      if (left !== null) yield left;
    }
  }
  async function* events(): AsyncGenerator<JobEvent, void, undefined> {
    for await (const event of readEvents(store, jobId)) yield screen === null ? event : screen(event);
  }

  const summary = await engine.summary(jobId);
  const run: ExpectedOutcome = {
    log: await canonicalLogOf(events()),
    summary: comparableSummary(summary),
  };
  const ending = await readEnding(events());
  if (ending === null) throw new CmoError("store_corrupt", `The log of job ${jobId} has no end.`);
  const told = await factsOf(events());
  const facts = await surveyRecording(recording());
  if (kind === "shared") {
    const run = await shareRun({ job, recording: recording(), facts, ending });
    return sharedBundle(runtime, job, { run, ending, engine: told.engine });
  }
  const outcome = facts.hasPseudonyms
    ? await outcomeOfRecording({ job, recording: recording(), length: facts.length, ending, run })
    : { expected: run, from: "run" as const };
  return {
    kind: "full",
    expectedFrom: outcome.from,
    erased,
    close: async () => {},
    pieces: bundlePieces({
      facts: {
        kind: "full",
        jobId,
        status: ending.status,
        createdAt: new Date(host.clock.now()).toISOString(),
        writer: { cmo: engineVersion, node: host.nodeVersion },
        run: { engine: told.engine, agent: { ...job.spec.agent } },
        files: told.files,
        expectedFrom: outcome.from,
        decision: lastDecisionOf(outcome.from === "run" ? job.spec.agent.version : agent.version),
        jobs,
        ...(erased === null ? {} : { erased }),
      },
      config: await store.readConfigText(jobId),
      spec: job.spec,
      events: events(),
      recording: recording(),
      summary,
      expected: outcome.expected,
    }),
  };
}

async function sharedBundle(
  { host, agent }: BundleRuntime,
  { spec }: Job,
  { run, ending, engine }: { run: SharedRun; ending: RunEnding; engine: string },
): Promise<JobBundle> {
  const { files } = await factsOf(run.events());
  return {
    kind: "shared",
    expectedFrom: "recording",
    erased: null,
    close: run.close,
    pieces: untilClosed(
      bundlePieces({
        facts: {
          kind: "shared",
          jobId: run.jobId,
          status: ending.status,
          createdAt: `${new Date(host.clock.now()).toISOString().slice(0, 10)}T00:00:00.000Z`,
          writer: { cmo: engineVersion, node: host.nodeVersion },
          run: { engine, agent: { ...spec.agent } },
          files,
          expectedFrom: "recording",
          decision: lastDecisionOf(agent.version),
          jobs: [run.jobId],
        },
        // Free text, in which people may be named.
        config: null,
        spec: run.spec,
        events: run.events(),
        recording: run.used(),
        summary: run.summary,
        expected: run.outcome,
      }),
      run.close,
    ),
  };
}

/** A job that a bundle can be made of. @throws CmoError `not_found`; `conflict` for one that has not ended. */
export async function readEndedJob(store: Store, jobId: string): Promise<Job> {
  const job = await store.readJob(jobId);
  if (job === null) throw new CmoError("not_found", `There is no job ${jobId} in this store.`);
  if (job.finishedAt !== null) return job;
  throw new CmoError("conflict", `Job ${jobId} is ${job.status}; a bundle holds a run that has ended.`, {
    hint: "Wait for its end, or cancel it: what it found so far is kept.",
  });
}

async function outcomeOfRecording({
  job,
  run,
  ...recorded
}: {
  job: Job;
  recording: AsyncIterable<RecordedAnswer>;
  length: number;
  ending: RunEnding;
  run: ExpectedOutcome;
}): Promise<{ expected: ExpectedOutcome; from: "run" | "recording" }> {
  const replayed = await replayRecording({
    spec: job.spec,
    jobId: job.id,
    ...recorded,
    now: job.startedAt ?? job.createdAt,
  });
  await replayed.close();
  const isSame = replayed.left !== null || compareOutcomes(run, replayed.outcome).length === 0;
  return isSame ? { expected: run, from: "run" } : { expected: replayed.outcome, from: "recording" };
}

async function factsOf(events: AsyncIterable<JobEvent>): Promise<{ engine: string; files: BundleFile[] }> {
  const files: BundleFile[] = [];
  let engine = "unknown";
  for await (const raw of events) {
    const event = asKnownEvent(raw);
    if (event?.type === "job.queued") engine = event.data.engineVersion;
    if (event?.type !== "artifact.created") continue;
    const { kind, name, mediaType, bytes, rows, digest } = event.data;
    files.push({ kind, name, mediaType, bytes, rows, digest });
  }
  return { engine, files };
}
