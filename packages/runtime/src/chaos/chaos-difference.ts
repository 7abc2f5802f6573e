/** One thing that is not as it is in the undisturbed run. */
export interface ChaosDifference {
  /**
   * Where to look: the canonical `log`, the `summary`, a lead `file` as it is rendered, a file on the `disk`, `history`
   * (events that were there before, and the chain over all), `requests`, or the `end` that was not reached.
   */
  readonly part: "log" | "summary" | "file" | "disk" | "history" | "requests" | "end";
  /** What it is, in words: an event and its field, a field, a file and its line. */
  readonly place: string;
  /** As text, cut to what matters; null for what is not there. */
  readonly expected: string | null;
  readonly found: string | null;
}
