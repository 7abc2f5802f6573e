import type { Engine, Sink } from "@cmo/engine";
import type { JobObserver } from "@cmo/runtime";

/** Knows whether this process works on the job that it shows: any worker of the same store may be faster. */
export interface JobHold {
  /** For the runtime that the job runs on. */
  readonly observer: JobObserver;
  /** Whether this process works on it now. */
  mine(): boolean;
  /** Whether it went to another process because this one was silent for longer than its lease. */
  lost(): boolean;
  /** A sink that tells when another process begins to work on the job, and (null) when this one does. */
  watch(engine: Pick<Engine, "job">, now: () => number, tell: (waitMs: number | null) => void): Sink;
}

/** A {@link JobHold} for the one job of a command. */
export function createJobHold(): JobHold {
  let mine = false;
  let lost = false;
  let toldOfOther = false;
  let onMine = () => {};
  return {
    observer: {
      onTaken() {
        mine = true;
        onMine();
      },
      onReleased() {
        mine = false;
      },
      onLost() {
        mine = false;
        lost = true;
      },
    },
    mine: () => mine,
    lost: () => lost,
    watch(engine, now, tell) {
      onMine = () => {
        if (toldOfOther) tell(null);
        toldOfOther = false;
      };
      return async (event) => {
        if (event.type !== "job.started" && event.type !== "job.resumed") return;
        // The claim of this process is written before it is heard of.
        await new Promise((resolve) => setImmediate(resolve));
        if (mine || toldOfOther) return;
        const job = await engine.job(event.jobId);
        const waitMs = (job?.leaseUntil ?? 0) - now();
        if (mine || job?.status !== "running" || waitMs <= 0) return;
        toldOfOther = true;
        tell(waitMs);
      };
    },
  };
}
