/**
 * How far a job's log is in its chain. It stands in the job's row, so that it is noticed when the end of a log is gone.
 */
export interface LogHead {
  /** The last link; the first one, which only the job's id leads to, before there is any. */
  readonly link: string;
  /** Where the next link begins: no canonical event from there to `seq` is without one. */
  readonly from: number;
  /** The last event that was appended by a version that keeps the chain. */
  readonly seq: number;
}

/** What is kept with an event of a log. */
export interface EventLink {
  readonly seq: number;
  /** A text that means something to the engine alone. */
  readonly link: string;
}
