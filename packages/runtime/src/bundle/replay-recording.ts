import { tmpdir } from "node:os";
import { canonicalLogOf, type ExpectedOutcome, type RecordedAnswer } from "@cmo/bundle";
import {
  type Agent,
  type Clock,
  CmoError,
  comparableSummary,
  type JobEvent,
  type JobSpec,
  type RunSummary,
  withoutSchedule,
} from "@cmo/engine";
import { seededRandom } from "../chaos/seeded-random.ts";
import type { Host } from "../host/host.ts";
import { createRuntime } from "../runtime/create-runtime.ts";
import { openTemporaryStore } from "../store/open-temporary-store.ts";
import { keepRecording } from "./keep-recording.ts";
import { readEvents } from "./read-events.ts";
import { readRecording } from "./read-recording.ts";
import { createRecordedSources } from "./recorded-sources.ts";
import { createReplayingAgent, type LeftRecording } from "./replaying-agent.ts";
import type { RunEnding } from "./run-ending.ts";

/** What is run again. */
export interface ReplayOptions {
  readonly spec: JobSpec;
  readonly jobId: string;
  /** Read to its end before the run begins. */
  readonly recording: AsyncIterable<RecordedAnswer>;
  /** About how much it is, in characters: little is kept in memory, more on the disk. */
  readonly length: number;
  readonly ending: RunEnding;
  /** When the run began, in milliseconds since the epoch: it is that time throughout. */
  readonly now: number;
  /**
   * Whether the questions must be those that were recorded. False where answers were changed in such a way that what is
   * asked after them changes too. Default true.
   */
  readonly isStrict?: boolean;
  /** In place of the lead agent; for those who try a changed one. */
  wrapAgent?(agent: Agent): Agent;
}

/** What a replay came to. Whoever has it closes it. */
export interface Replayed {
  readonly outcome: ExpectedOutcome;
  readonly summary: RunSummary;
  /** Where the run left the recording; null when it did not. */
  readonly left: LeftRecording | null;
  /** The log, read as it is asked for. */
  events(): AsyncIterable<JobEvent>;
  /** The answers that the run made use of, by kind and item, with what it asked. */
  used(): AsyncIterable<RecordedAnswer>;
  /** Lets go what it holds; log and answers can be read until then. */
  close(): Promise<void>;
}

/**
 * Runs the agent again over recorded answers: on the one path that every job takes, in a temporary store, without a
 * network or an environment. What goes wrong in the run is part of what it comes to. Memory does not grow with it.
 */
export async function replayRecording(options: ReplayOptions): Promise<Replayed> {
  const { spec, jobId, ending, isStrict = true } = options;
  const host = offlineHost(options.now);
  const store = await openTemporaryStore(host, options.length);
  const recordingId = isStrict ? jobId : `${jobId} recording`;
  let left: LeftRecording | null = null;
  try {
    const desk = createRuntime({ host, store }).engine;
    // Nothing is to come of it but the one run.
    const once = withoutSchedule(spec);
    await desk.submit(once, { jobId });
    if (!isStrict) {
      await desk.submit(once, { jobId: recordingId });
      await desk.cancel(recordingId);
    }
    const asked = await keepRecording(options.recording, store, recordingId);
    const sources = createRecordedSources({ spec, ...asked });
    const bare = createRuntime({ host, store, sources });
    const agent = createReplayingAgent({
      agent: options.wrapAgent?.(bare.agent) ?? bare.agent,
      store,
      ending,
      recordingId,
      cancel: async (id) => {
        await engine.cancel(id);
      },
      onLeft: (place) => {
        left ??= place;
      },
    });
    const { engine } = createRuntime({ host, store, sources, agent });
    if (!ending.isStarted && ending.status === "cancelled") await engine.cancel(jobId);
    else await engine.attend(jobId);
    const summary = await engine.summary(jobId);
    return {
      outcome: {
        log: await canonicalLogOf(readEvents(store, jobId)),
        summary: comparableSummary(summary),
      },
      summary,
      left,
      events: () => readEvents(store, jobId),
      used: () => readRecording(store, [jobId]),
      close: () => store.close(),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Nobody's machine, at one instant: no lease runs out, and no time-out comes that did not come in the run. */
function offlineHost(now: number): Host {
  const refuse = () => Promise.reject(new CmoError("not_recorded", "A replay has no network."));
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        signal?.addEventListener("abort", wake);
      }),
  };
  return {
    env: {},
    cwd: tmpdir(),
    home: tmpdir(),
    platform: process.platform,
    clock,
    random: seededRandom("replay"),
    fetch: refuse,
    runGh: async () => null,
    nodeVersion: process.versions.node,
  };
}
