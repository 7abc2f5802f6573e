import { jobStateOf } from "@cmo/contract";
import { CmoError, type Job } from "@cmo/engine";
import {
  createRedaction,
  type Host,
  joinObservers,
  keepMaintained,
  type Log,
  type MaintenanceReport,
  openLog,
  openTelemetry,
} from "@cmo/runtime";
import { withKeptStore } from "../place/with-store.ts";
import { type Health, loadServer, ownError } from "../serve/load-server.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What `cmo worker` was told. */
export interface WorkerOptions {
  store?: string;
  concurrency: number;
  /** Where it tells how it is; not at all when it is left out. */
  healthPort?: number;
  healthHost?: string;
}

/** What is in flight is aborted at once; after this long something is stuck, and leases take care of the rest. */
const stopWithinMs = 10_000;

/**
 * Works on queued jobs until the first interrupt; then takes no more, hands back what runs, and ends with 0. One line on
 * stderr for each job that it takes or lets go. Traces are sent where the environment names a collector.
 * @throws CmoError `usage` or `conflict` for a health port that cannot be had, before any job is taken.
 */
export async function workerCommand(options: WorkerOptions, context: CommandContext): Promise<number> {
  const { host, terminal, interrupts } = context;
  const tell = (text: string) => terminal.writeError(`${new Date(host.clock.now()).toISOString()} ${text}\n`);
  const observer = {
    onTaken: (job: Job) => tell(`${job.id} ${job.epoch > 1 ? "goes on" : "starts"}: ${job.spec.name}`),
    onReleased: (job: Job) => tell(`${job.id} is ${jobStateOf(job, host.clock.now())}`),
    onLost: (jobId: string) =>
      tell(`${jobId} went to another worker: this one was silent for longer than its lease`),
    onPassedOver: (_jobId: string, { message, hint }: CmoError) =>
      tell(`left alone: ${message}${hint === null ? "" : ` ${hint}`}`),
  };
  const { now } = host.clock;
  const log = openLog({
    env: host.env,
    isTerminal: true,
    write: (line) => terminal.writeError(line),
    now,
    redact: createRedaction(host.env).redact,
  });
  const health = await openHealth(options, { host, log });
  const listeners = health === null ? [] : [health.listener];
  const telemetry = await openTelemetry({ host, log, listeners });
  const { observer: follower, ...hooks } = telemetry.hooks;
  const observers = follower === undefined ? observer : joinObservers([observer, follower]);
  const opened = { ...options, ...hooks, observer: observers };
  const worked = withKeptStore(opened, context, async ({ runtime, name }) => {
    const { engine } = runtime;
    const { signal } = interrupts;
    const listening = await health?.listen(runtime).catch((error: unknown) => {
      throw ownError(error);
    });
    const told = listening === undefined ? "" : `, its health at ${listening.url}`;
    tell(`worker of ${name}, ${options.concurrency} at once${told}`);
    const limit = new AbortController();
    const late = whenAborted(signal).then(async () => {
      listening?.stopping();
      tell("stopping: what runs is handed back");
      await host.clock.sleep(stopWithinMs, limit.signal);
      return "late" as const;
    });
    const working = engine.startWorker({ concurrency: options.concurrency, signal });
    const maintaining = keepMaintained(runtime, {
      signal,
      onReport: (report) => tell(maintainedText(report)),
    });
    const outcome = await Promise.race([Promise.all([working, maintaining]), late]).finally(() =>
      listening?.close(),
    );
    limit.abort();
    if (outcome !== "late") return exitCode.done;
    tell("did not stop in time; another worker goes on with its jobs when their leases have run out");
    return exitCode.failed;
  });
  return worked.finally(() => telemetry.close());
}

/** Null when nobody wants to know how it is: then nothing of the server is loaded. */
async function openHealth(
  { healthPort, healthHost, store }: WorkerOptions,
  { host, log }: { readonly host: Host; readonly log: Log },
): Promise<Health | null> {
  if (healthPort === undefined) {
    if (healthHost === undefined) return null;
    throw new CmoError("usage", "--health-host is for a --health-port.", {
      hint: "Name a port with --health-port, or leave out --health-host.",
    });
  }
  const server = await loadServer();
  try {
    return server.createHealth({ host, log, address: healthHost, port: healthPort, store });
  } catch (error) {
    throw ownError(error);
  }
}

function maintainedText({ jobs, files }: MaintenanceReport): string {
  const failed = files.filter(({ outcome }) => outcome === "failed").map(({ path }) => path);
  const erased = `erased ${jobs.length} jobs whose retention was over, and saw to ${files.length} files`;
  return failed.length === 0 ? erased : `${erased}; these could not be written: ${failed.join(", ")}`;
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
