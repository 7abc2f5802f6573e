/**
 * Holds reports about work that may turn out not to be wanted. A page that is asked for ahead reports only once it is
 * certain that it counts: what a person sees on the way never exceeds what the summary says in the end.
 */
export interface ReportGate {
  /** Reports now when the gate is open, else when it opens, in order. */
  report(action: () => void): void;
  open(): void;
}

/** Gates of pages, one after the other. */
export interface ReportGates {
  /** The gate of the next page; open from the start when that page was admitted before it was begun. */
  next(): ReportGate;
  /** One more page, the first that was not admitted yet, is certain to count. */
  admit(): void;
}

/** A closed {@link ReportGate}. */
function createReportGate(): ReportGate {
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

/** {@link ReportGates} of which no page is admitted. */
export function createReportGates(): ReportGates {
  const closed: ReportGate[] = [];
  let admittedAhead = 0;
  return {
    next() {
      const gate = createReportGate();
      if (admittedAhead === 0) closed.push(gate);
      else {
        admittedAhead -= 1;
        gate.open();
      }
      return gate;
    },
    admit() {
      const gate = closed.shift();
      if (gate === undefined) admittedAhead += 1;
      else gate.open();
    },
  };
}
