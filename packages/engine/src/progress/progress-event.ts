/**
 * What the progress reducers read of an event; a whole job event is one. The log is not trusted: any `type` and any
 * `data` may come.
 */
export interface ProgressEvent {
  readonly type: string;
  readonly data: unknown;
}

/** The data of a `stage.progress` event: what the stage has reached, not what was added. */
export interface StageProgressData {
  readonly stage: string;
  readonly itemsProcessed: number;
  /** null while unknown. */
  readonly itemsTotal: number | null;
  /** null while unknown, and for a stage that is not the current one. */
  readonly currentItem: string | null;
  /** The percent the whole job has reached with this event. */
  readonly percent: number;
}

/** An event that a loose report becomes. */
export type ReportedEvent =
  | { readonly type: "stage.started" | "stage.completed"; readonly data: { readonly stage: string } }
  | { readonly type: "stage.progress"; readonly data: StageProgressData }
  | { readonly type: "metrics"; readonly data: { readonly metrics: Readonly<Record<string, number>> } }
  | { readonly type: "log"; readonly data: ReportedLogData };

/** The data of a `log` event that a loose report becomes. */
export interface ReportedLogData {
  readonly level: "warning" | "error";
  readonly code: "agent.warning" | "agent.error";
  readonly message: string;
}
