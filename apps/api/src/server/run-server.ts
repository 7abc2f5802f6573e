import { keepMaintained, type Log } from "@cmo/runtime";
import { closeWithin } from "./close-within.ts";
import type { OpenedServer } from "./open-server.ts";
import type { ServeSettings } from "./serve-options.ts";

/** What ends a server, and hears of it. */
export interface RunServerContext {
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Works and serves until `signal` aborts, or the worker cannot go on. Then takes nothing more, hands back the jobs that
 * run, ends streams with a hint to come back, lets answers come to their end, and closes what is open. Gives the exit
 * code: 1 when the worker failed, or when this took longer than it may.
 */
export async function runServer(
  server: OpenedServer,
  settings: ServeSettings,
  { log, signal }: RunServerContext,
): Promise<number> {
  const { runtime, parts, listening, telemetry } = server;
  const { clock } = runtime.host;
  const stop = new AbortController();
  const asked = whenAborted(signal).then(() => "asked" as const);
  const working = Promise.all([
    settings.worker
      ? runtime.engine.startWorker({ concurrency: settings.concurrency, signal: stop.signal })
      : undefined,
    keepMaintained(runtime, {
      signal: stop.signal,
      onReport: ({ jobs, files }) => log.info("maintained", { jobs: jobs.length, files: files.length }),
    }),
  ]).then(
    () => "done" as const,
    (error: unknown) => {
      log.error("worker failed", { stack: error instanceof Error ? error.stack : String(error) });
      return "failed" as const;
    },
  );
  await Promise.race([asked, working]);
  server.stopping();
  log.info("stopping");
  stop.abort();

  const limit = new AbortController();
  const late = clock.sleep(settings.stopWithinMs, limit.signal).then(() => "late" as const);
  const stopped = Promise.all([
    working,
    parts.streams.close(),
    // What is still being sent then is cut off, so that the rest keeps its time too.
    closeWithin(listening, settings.stopWithinMs * 0.8, clock),
  ]).then(async ([outcome]) => {
    await telemetry.close(settings.stopWithinMs * 0.1);
    await runtime.close();
    return outcome;
  });
  const outcome = await Promise.race([stopped, late]);
  limit.abort();
  if (outcome === "late") {
    log.error("did not stop in time; another worker goes on with its jobs when their leases have run out");
    return 1;
  }
  log.info("stopped");
  return outcome === "failed" ? 1 : 0;
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
