/**
 * Holds reports about work that may turn out not to be wanted. A page that is asked for ahead reports only once it is
 * certain that it counts: what a person sees on the way never exceeds what the summary says in the end.
 */
export interface ReportGate {
  /** Reports now when the gate is open, else when it opens, in order. */
  report(action: () => void): void;
  open(): void;
}

/** A closed {@link ReportGate}. */
export function createReportGate(): ReportGate {
  let held: (() => void)[] | null = [];
  return {
    report(action) {
      if (held === null) action();
      else held.push(action);
    },
    open() {
      const actions = held ?? [];
      held = null;
      for (const action of actions) action();
    },
  };
}
