import type { CmoError, Job, KnownJobEvent } from "@cmo/engine";
import type { RequestLogEntry } from "@cmo/github";

/**
 * Hears what this process does with jobs, in the order in which it was done, and a little behind the worker. A
 * listener that throws is told nothing more.
 */
export interface RunListener {
  /** The process has taken the job. Its claim is an event too, and follows. */
  onTaken?(job: Job): void;
  /**
   * An event that this process wrote, as a worker or for somebody who controls the job: of all processes on a store,
   * one hears of each event, once. `job` is as it stood after the write that the event came in.
   */
  onEvent?(event: KnownJobEvent, job: Job): void;
  /** The process has let go of the job. */
  onReleased?(job: Job): void;
  /** The job went to another process. */
  onLost?(jobId: string): void;
  /** The process leaves the job alone, as its version cannot work on it. Told once of each job. */
  onPassedOver?(jobId: string, fault: CmoError): void;
  /** A request of the source has ended. The event of its call's end may come later. */
  onRequest?(entry: RequestLogEntry): void;
}
