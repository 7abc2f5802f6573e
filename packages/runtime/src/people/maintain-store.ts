import { enforceRetention, type RetentionOutcome, staleFiles } from "@cmo/engine";
import { type PurgedFiles, type PurgeRuntime, peopleParts, withFiles } from "./purge.ts";

/** What was let go of. */
export type MaintenanceReport = RetentionOutcome & PurgedFiles;

/** Lets go of what is not to be kept any longer, and brings erases to their end that something was in the way of. */
export function maintainStore(
  runtime: PurgeRuntime,
  limits: { mostJobs?: number } = {},
): Promise<MaintenanceReport> {
  return withFiles(runtime, (files) => enforceRetention(peopleParts(runtime), { ...limits, ...files }));
}

/**
 * As {@link maintainStore}, for a program that has something else to do: looks only whether there is anything (four
 * questions to indexes), does a small part of what there is, and fails nothing.
 */
export async function maintainInPassing(runtime: PurgeRuntime): Promise<void> {
  const { store } = runtime;
  if (!store.durable) return;
  try {
    const [newest] = await store.listErasures(1);
    const expired = await store.listJobs({ expiredAt: await store.now(), limit: 1 });
    const stale = await staleFiles(store);
    if (newest?.state !== "pending" && expired.length === 0 && stale.length === 0) return;
    await maintainStore(runtime, { mostJobs: jobsInPassing });
  } catch {
    // Whatever it was, the next one tries again; a store that is broken says so to whoever came for something.
  }
}

/** What {@link keepMaintained} is told. */
export interface KeepMaintainedOptions {
  /** Ends it. */
  signal: AbortSignal;
  /** Hears of each time that something was let go of. */
  onReport?: (report: MaintenanceReport) => void;
  /** Default: an hour. */
  everyMs?: number;
}

/** Maintains the store now and every hour, until `signal` aborts. Never rejects. */
export async function keepMaintained(
  runtime: PurgeRuntime,
  { signal, onReport, everyMs = 3_600_000 }: KeepMaintainedOptions,
): Promise<void> {
  while (!signal.aborted) {
    const report = await maintainStore(runtime).catch(() => null);
    if (report !== null && (report.jobs.length > 0 || report.files.length > 0)) onReport?.(report);
    await runtime.host.clock.sleep(everyMs, signal);
  }
}

/** Erasing a job of a thousand people takes some tens of milliseconds. */
const jobsInPassing = 10;
