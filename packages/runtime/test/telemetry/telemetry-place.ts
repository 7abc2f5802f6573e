import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClock, type Job, type KnownJobEvent, parseCampaign } from "@cmo/engine";
import { createCampaignSpec } from "../../src/campaign/create-campaign-spec.ts";
import type { Environment } from "../../src/host/host.ts";
import { nodeRandom } from "../../src/host/node-random.ts";
import { openRuntime, type StoredRuntime } from "../../src/runtime/open-runtime.ts";
import { createLog, type LogLevel } from "../../src/telemetry/log.ts";
import { openTelemetry, type Telemetry } from "../../src/telemetry/open-telemetry.ts";
import type { RunListener } from "../../src/telemetry/run-listener.ts";
import { testHost } from "../support/test-host.ts";

/** A process that works on jobs and is listened to. */
export interface ListenedProcess {
  readonly runtime: StoredRuntime;
  readonly telemetry: Telemetry;
  /** The lines of its log. */
  lines(message?: string): Record<string, unknown>[];
  /** Puts a small campaign into the queue. */
  submit(config?: object): Promise<string>;
  /** Stops listening, after everything was heard; the runtime stays open for questions. */
  finish(limitMs?: number): Promise<void>;
}

/** A folder with a store, for any number of processes. */
export interface TelemetryPlace {
  open(options?: {
    env?: Environment;
    listeners?: readonly RunListener[];
    level?: LogLevel;
  }): Promise<ListenedProcess>;
  close(): Promise<void>;
}

/** Opens a {@link TelemetryPlace}. */
export async function openTelemetryPlace(): Promise<TelemetryPlace> {
  const folder = await mkdtemp(join(tmpdir(), "cmo-telemetry-"));
  const closing: (() => Promise<void>)[] = [];
  return {
    async open({ env = {}, listeners = [], level = "info" } = {}) {
      let text = "";
      const host = testHost({
        // Whatever takes long on a busy machine, nobody takes a job from anybody.
        env: { CMO_LEASE_MS: "600000", ...env },
        clock: createClock(globalThis),
        random: nodeRandom,
        fetch: (url, init) => fetch(url, init),
      });
      const log = createLog({
        write: (line) => {
          text += line;
        },
        now: () => Date.now(),
        level,
        redact: (raw) => raw,
      });
      const telemetry = await openTelemetry({ host, log, listeners });
      const runtime = await openRuntime({ host, location: join(folder, "cmo.db"), ...telemetry.hooks });
      closing.push(async () => {
        await runtime.close();
        await telemetry.close(0);
      });
      return {
        runtime,
        telemetry,
        lines: (message) =>
          text
            .split("\n")
            .filter((line) => line !== "")
            .map((line): Record<string, unknown> => JSON.parse(line))
            .filter((line) => message === undefined || line.message === message),
        async submit(config = {}) {
          const parsed = parseCampaign({ ...smallCampaign, ...config });
          if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
          const spec = await createCampaignSpec(runtime, { config: parsed.value });
          return (await runtime.engine.submit(spec)).id;
        },
        finish: (limitMs = 60_000) => telemetry.close(limitMs),
      };
    },
    async close() {
      for (const close of closing.toReversed()) await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A campaign of a simulated world that every process can work on. */
export const smallCampaign = {
  name: "small",
  params: { language: "Python", stars_range: "100..2000", activity_days: 90, target_leads: 5 },
  source: { type: "simulator", seed: 7, repositories: 120 },
};

/** A listener that does something as soon as a stage begins, before the first answer in it can come. */
export function atStage(wanted: string, act: (jobId: string) => Promise<unknown>): RunListener {
  let isDone = false;
  return {
    onEvent({ type, data, jobId }) {
      if (isDone || type !== "stage.started" || data.stage !== wanted) return;
      isDone = true;
      act(jobId).catch(() => {});
    },
  };
}

/** A campaign whose requests take their time. */
export const slowCampaign = { source: { ...smallCampaign.source, latency_ms: 40 } };

/** A listener that keeps what it hears, in one line each. */
export function createRecorder(): RunListener & {
  readonly heard: string[];
  readonly events: KnownJobEvent[];
} {
  const heard: string[] = [];
  const events: KnownJobEvent[] = [];
  const of = ({ id, epoch, status }: Job) => `${id} ${epoch} ${status}`;
  return {
    heard,
    events,
    onTaken: (job) => void heard.push(`taken ${of(job)}`),
    onReleased: (job) => void heard.push(`released ${of(job)}`),
    onLost: (jobId) => void heard.push(`lost ${jobId}`),
    onEvent(event) {
      heard.push(`${event.seq} ${event.type}`);
      events.push(event);
    },
  };
}
