import { CmoError, toCmoError } from "../error/cmo-error.ts";
import type { Job } from "../job/job.ts";
import { releaseChange } from "../job/job-changes.ts";
import type { Digest } from "../port/digest.ts";
import { withNextRun } from "../schedule/next-run.ts";
import { replacedEnd } from "../schedule/replace-schedule.ts";
import { beginSchedule, isReplaced } from "../schedule/schedule-place.ts";
import { onAbort } from "../task/on-abort.ts";
import { createAgentContext } from "./agent-context.ts";
import type { EngineParts } from "./engine-parts.ts";
import { failViolated } from "./fail-violated.ts";
import { createRunLog, type RunLog } from "./run-log.ts";
import {
  cancelledEnd,
  completedEnd,
  eventErrorOf,
  failedEnd,
  letGoEnd,
  mayRetry,
  type RunEnd,
  retryingEnd,
  type StopReason,
} from "./run-outcome.ts";
import { type HeldLease, hasCode, updateLeased } from "./update-leased.ts";

/** How a run is known to the engine while it lasts. */
export interface ActiveRun {
  readonly log: RunLog;
}

/** What {@link runJob} is told. */
export interface RunJobOptions {
  parts: EngineParts;
  job: Job;
  lease: HeldLease;
  /** A rule that the job was found to break when it was claimed. */
  violation?: CmoError | null;
  /** Stops the run and hands the job back to the queue. */
  shutdown: AbortSignal;
  /** Told when the run begins; what it gives back is called when the run is over. */
  onRun(jobId: string, run: ActiveRun): () => void;
}

type MakeEnd = (job: Job, now: number) => RunEnd;

/** A run looks at what control wants at least this often, whatever the store's doorbell does. */
const controlPollMs = 500;
/** Events that may wait are stored at least this often. */
const flushMs = 100;

/**
 * Works on one claimed job until it ends, is paused, is handed back, or is lost to another worker. Resolves in all of
 * these cases; rejects only when the store fails, and then the lease runs out by itself.
 */
export async function runJob({
  parts,
  job,
  lease,
  violation = null,
  shutdown,
  onRun,
}: RunJobOptions): Promise<void> {
  const { store, clock, agent } = parts;
  const work = new AbortController();
  const background = new AbortController();
  let stop: StopReason | null = null;
  let broken: CmoError | null = null;
  let calls = 0;
  const begunAt = clock.now();
  /** How long the job had been worked on by then, by the store's clock alone: this machine's may be hours apart. */
  const before = (job.leaseUntil ?? 0) - lease.leaseMs - (job.startedAt ?? 0);

  const log = createRunLog({
    store,
    digest: parts.digest,
    job,
    lease,
    onWritten: obey,
    onFailure: (error) => halt(stopOf(error), error),
  });
  const endRun = onRun(job.id, { log });
  const offNews = store.onNews(job.id, () => {
    // A write of its own rings too, and shows the job as it stands.
    if (!log.writing()) void lookAtControl();
  });
  const offShutdown = onAbort(shutdown, () => halt("shutdown"));

  const tickers = [keepLease(), keepFlushing()];
  try {
    if (violation !== null) throw violation;
    if ((await beginSchedule(parts, job)) === "replaced") return await finish(replacedEnd);
    // What was wanted when it was claimed; what is wanted since then rings, or is seen at the next look.
    obey(job);
    const end = await workToAnEnd();
    if (end !== null) await finish(end);
  } catch (error) {
    if (hasCode(error, "invariant_violated")) await failViolated(parts, lease, error);
    else if (!isLeaseLost(error)) throw error;
  } finally {
    background.abort();
    offNews();
    offShutdown();
    await Promise.all(tickers);
    endRun();
  }

  async function finish(end: MakeEnd): Promise<void> {
    const isOver = await isReplaced(parts, job);
    await log.commit({
      end: (current, now) =>
        released(current, now, parts.digest, withNextRun(parts, current, now, end(current, now), isOver)),
    });
  }

  /** Null when the job belongs to somebody else now. */
  async function workToAnEnd(): Promise<MakeEnd | null> {
    const failure = stop === null ? await attempt() : new CmoError("cancelled", "Stopped before it began.");
    // Nothing goes on over a job that is not as it must be, its partial end neither.
    for (const error of [broken, failure]) if (hasCode(error, "invariant_violated")) throw error;
    if (stop === "lease_lost" || isLeaseLost(failure)) return null;
    if (failure === null) return (current, now) => completedEnd(current, now, parts.dryRun(job));
    if (stop === "paused" || stop === "shutdown") return letGoEnd;
    // What stopped the run says more than how the agent took it.
    const error = stop === "cancelled" ? null : (broken ?? toCmoError(failure, "agent_failed"));
    if (error !== null && mayRetry(log.job(), error)) {
      return (current, now) =>
        retryingEnd(current, now, error, eventErrorOf(error, parts.redact), parts.random);
    }
    const finished = await finishPartially(error);
    if (finished !== "finished") return finished === "lease_lost" ? null : letGoEnd;
    return error === null
      ? cancelledEnd
      : (current, now) => failedEnd(current, now, eventErrorOf(error, parts.redact));
  }

  /** What went wrong, or null. */
  async function attempt(): Promise<unknown> {
    if (job.spec.dryRun) return null;
    try {
      await agent.run(job.spec, await contextOf(work.signal, false));
      // Everything the agent said is stored before the job can end; a failed write is a failed attempt.
      await log.commit();
      return null;
    } catch (error) {
      return error;
    }
  }

  /**
   * Validation, scoring and export over what is stored. It may fail: the job ends in any case, with what it has. When
   * the worker stops in the middle of it, the next worker does it again.
   */
  async function finishPartially(cause: CmoError | null): Promise<"finished" | "shutdown" | "lease_lost"> {
    let saidBefore = 0;
    try {
      // What was said before is stored first: the pass begins with what the log holds, and says nothing twice.
      await log.commit();
      saidBefore = log.job().lastSeq;
      await agent.run(job.spec, await contextOf(shutdown, true));
      await log.commit();
    } catch (error) {
      if (shutdown.aborted) return "shutdown";
      const { code, message: reason } = toCmoError(error, "agent_failed");
      if (isLeaseLost(error)) return "lease_lost";
      // What failed the job may fail its end at once too, as a missing token does: that is told once.
      const saidNothing = !log.dirty() && log.job().lastSeq === saidBefore;
      if (!saidNothing || code !== cause?.code || reason !== cause.message) {
        const message = `The partial results could not be completed (${code}).`;
        log.append({ type: "log", data: { level: "warning", code: "partial.incomplete", message } });
      }
    }
    return stopped() === "lease_lost" ? "lease_lost" : "finished";
  }

  async function contextOf(signal: AbortSignal, partial: boolean) {
    return createAgentContext({
      // Nobody has worked on it before the first: there is none.
      checkpoint: lease.epoch === 1 && !partial ? null : await store.readCheckpoint(job.id),
      store,
      log,
      clock,
      digest: parts.digest,
      signal,
      partial,
      nextCallId: () => `${lease.epoch}.${++calls}`,
      redact: parts.redact,
    });
  }

  function halt(reason: StopReason | "failure", cause?: unknown): void {
    if (stop !== null && reason !== "lease_lost") return;
    if (reason === "failure") broken ??= toCmoError(cause);
    else stop = reason;
    work.abort(cause ?? new CmoError("cancelled", `The run was stopped (${reason}).`));
  }

  function stopped(): StopReason | null {
    return stop;
  }

  async function lookAtControl(): Promise<void> {
    const current = await store.readJob(job.id).catch(() => undefined);
    if (current === undefined) return;
    // Also when the job was erased, or handed back since something was erased of what this run knows.
    if (current?.epoch !== lease.epoch || current.leaseOwner !== lease.workerId) halt("lease_lost");
    else obey(current);
  }

  /** Does what control wants of the job. */
  function obey({ desired }: Job): void {
    if (desired !== null) halt(desired);
  }

  async function keepLease(): Promise<void> {
    const interval = Math.min(parts.leaseMs / 3, controlPollMs);
    let renewedAt = clock.now();
    while (!background.signal.aborted) {
      await clock.sleep(interval, background.signal);
      if (background.signal.aborted) return;
      await lookAtControl();
      checkTimeout();
      // A clock that was turned back says nothing of how long it is since.
      if (Math.abs(clock.now() - renewedAt) < parts.leaseMs / 3) continue;
      try {
        await updateLeased(store, job, lease, (_current, now) => ({
          patch: { leaseUntil: now + parts.leaseMs },
        }));
        renewedAt = clock.now();
      } catch (error) {
        // A store that is out of reach is asked again.
        if (!toCmoError(error).retryable) halt(stopOf(error), error);
      }
    }
  }

  async function keepFlushing(): Promise<void> {
    while (!background.signal.aborted) {
      await clock.sleep(flushMs, background.signal);
      if (background.signal.aborted || !log.dirty()) continue;
      await log.commit().catch((error) => halt(stopOf(error), error));
    }
  }

  function checkTimeout(): void {
    const minutes = job.spec.limits.timeoutMinutes;
    if (minutes === null || broken !== null || stop !== null || job.startedAt === null) return;
    if (before + clock.now() - begunAt < minutes * 60_000) return;
    const timedOut = new CmoError("timeout", `The job has used up limits.timeout_minutes: ${minutes}.`, {
      hint: "Raise the limit, or ask for less.",
      retryable: false,
    });
    halt("failure", timedOut);
  }
}

function released(job: Job, now: number, digest: Digest, end: RunEnd): RunEnd {
  const change = releaseChange(job, now, digest, [], end.patch);
  return { ...end, patch: { ...change.patch } };
}

function stopOf(error: unknown): "lease_lost" | "failure" {
  return isLeaseLost(error) ? "lease_lost" : "failure";
}

function isLeaseLost(error: unknown): boolean {
  return hasCode(error, "lease_lost");
}
