import { tmpdir } from "node:os";
import type { ExpectedOutcome, RecordedAnswer } from "@cmo/bundle";
import {
  type Agent,
  type Clock,
  CmoError,
  canonicalLog,
  comparableSummary,
  createMemoryStore,
  type JobEvent,
  type JobSpec,
  type RunSummary,
  type Store,
  type TaskResult,
  withoutSchedule,
} from "@cmo/engine";
import { seededRandom } from "../chaos/seeded-random.ts";
import type { Host } from "../host/host.ts";
import { createRuntime } from "../runtime/create-runtime.ts";
import { createRecordedSources, isOfImaginaryDomain } from "./recorded-sources.ts";
import { createReplayingAgent, type LeftRecording } from "./replaying-agent.ts";
import type { RunEnding } from "./run-ending.ts";

/** What is run again. */
export interface ReplayOptions {
  readonly spec: JobSpec;
  readonly jobId: string;
  /** Read to its end before the run begins, and kept in memory. */
  readonly recording: AsyncIterable<RecordedAnswer>;
  readonly ending: RunEnding;
  /** When the run began, in milliseconds since the epoch: it is that time throughout. */
  readonly now: number;
  /** Default true; see `ReplayingAgentOptions`. */
  readonly isStrict?: boolean;
  readonly onUsed?: (result: TaskResult) => void;
  /** In place of the lead agent; for those who try a changed one. */
  wrapAgent?(agent: Agent): Agent;
}

/** What a replay came to. */
export interface Replayed {
  readonly outcome: ExpectedOutcome;
  readonly events: readonly JobEvent[];
  readonly summary: RunSummary;
  /** Where the run left the recording; null when it did not. */
  readonly left: LeftRecording | null;
}

/**
 * Runs the agent again over recorded answers: on the one path that every job takes, in a store in memory, without a
 * network, an environment or a file. What goes wrong in the run is part of what it comes to.
 */
export async function replayRecording(options: ReplayOptions): Promise<Replayed> {
  const { spec, jobId, ending } = options;
  const answers = await gather(options.recording);
  const host = offlineHost(options.now);
  const store = createMemoryStore(host);
  const sources = createRecordedSources({ spec, ...answers });
  const bare = createRuntime({ host, store, sources });
  let left: LeftRecording | null = null;
  const agent = createReplayingAgent({
    agent: options.wrapAgent?.(bare.agent) ?? bare.agent,
    store,
    answers,
    ending,
    isStrict: options.isStrict ?? true,
    ...(options.onUsed === undefined ? {} : { onUsed: options.onUsed }),
    cancel: async (id) => {
      await runtime.engine.cancel(id);
    },
    onLeft: (place) => {
      left ??= place;
    },
  });
  const runtime = createRuntime({ host, store, sources, agent });
  const { engine } = runtime;
  try {
    await engine.submit(withoutSchedule(spec), { jobId });
    if (!ending.isStarted && ending.status === "cancelled") await engine.cancel(jobId);
    else await engine.attend(jobId);
    const summary = await engine.summary(jobId);
    const events = await readAll(store, jobId);
    return {
      outcome: { log: canonicalLog(events), summary: comparableSummary(summary) },
      events,
      summary,
      left,
    };
  } finally {
    await runtime.close();
  }
}

async function gather(recording: AsyncIterable<RecordedAnswer>) {
  const byKey = new Map<string, RecordedAnswer>();
  let sourceId = "github";
  let hasImaginaryDomains = false;
  for await (const answer of recording) {
    byKey.set(`${answer.kind}\0${answer.item}`, answer);
    if (answer.kind === "preflight") sourceId = answer.item;
    hasImaginaryDomains ||= isOfImaginaryDomain(answer);
  }
  return {
    sourceId,
    hasImaginaryDomains,
    find: (kind: string, item: string) => byKey.get(`${kind}\0${item}`),
  };
}

async function readAll(store: Store, jobId: string): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  for (;;) {
    const page = await store.readEvents(jobId, events.length, 10_000);
    events.push(...page);
    if (page.length < 10_000) return events;
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
