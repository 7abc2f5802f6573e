/** The status of a job as its progress shows it. The last three are terminal. */
export type ProgressStatus = "queued" | "running" | "paused" | "completed" | "failed" | "cancelled";

/** A stage is `pending` until it is entered, `active` until it is done. It never goes back. */
export type ProgressStageState = "pending" | "active" | "done";

/** One stage and its item counters. */
export interface ProgressStage {
  /** Cleaned by `cleanStageId`: never a placeholder, at most 100 code points. */
  readonly id: string;
  readonly state: ProgressStageState;
  /** Whole, at least 0; never falls. */
  readonly itemsProcessed: number;
  /** Whole, never below `itemsProcessed`; null while unknown. */
  readonly itemsTotal: number | null;
}

/** What is known of a job: a pure fold of its log. Plain JSON, never mutated; what did not change keeps its identity. */
export interface Progress {
  readonly status: ProgressStatus;
  /** The stage entered last; null before the first. */
  readonly stage: string | null;
  /** How many stages have been entered. Never falls. */
  readonly step: number;
  /** How many stages are known; null while none is. */
  readonly totalSteps: number | null;
  /** What the current stage is working on; null while unknown. */
  readonly currentItem: string | null;
  /** At most 64, in the order of the plan, then of arrival. */
  readonly stages: readonly ProgressStage[];
  /** At most 256, finite. */
  readonly metrics: Readonly<Record<string, number>>;
  /** At most 100, each once, in the order of arrival. */
  readonly warnings: readonly string[];
  /** At most 100, each once, in the order of arrival. */
  readonly errors: readonly string[];
  /** A whole number from 0 to 100. Never falls; 100 exactly when the job is completed. */
  readonly percent: number;
}

/** Whether a status is the end: after it nothing changes any more. */
export function isTerminalStatus(status: ProgressStatus): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}
