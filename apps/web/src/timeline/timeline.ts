import { initialSummary, type JobEvent, reduceSummary, type SummaryState } from "@cmo/engine";
import { type EstimateGrounds, initialRunView, type RunView, reduceRunView, withGrounds } from "@cmo/view";

/** Everything that is known of a job after some of its events. */
export interface Moment {
  /** The seq of the last event that is in it; 0 before the first. */
  readonly seq: number;
  /** When that event was; null before the first. */
  readonly at: string | null;
  readonly view: RunView;
  readonly summary: SummaryState;
}

/** A job's log, and what it comes to at any place of it. */
export interface Timeline {
  /** How many events there are. */
  readonly length: number;
  /** The seq of the first event; 0 while there is none. */
  readonly firstSeq: number;
  /** The seq of the last event; 0 while there is none. */
  readonly lastSeq: number;
  /** Adds events that follow the last one. Those that do not (`seq` not one greater) are left out, and told by false. */
  append(events: readonly JobEvent[]): boolean;
  /** Tells what the run's estimate rests on; to be told before the event that starts it. */
  learn(grounds: EstimateGrounds | null): void;
  /** The events at the places `from` to `to`, the first included and the last not; places are from 0. */
  events(from: number, to: number): readonly JobEvent[];
  /** After the event with this seq, or the last one before it. */
  at(seq: number): Moment;
}

/**
 * A moment is kept for every so many events, so that any place is at most this many steps of the fold away: under a
 * millisecond. What did not change between two moments is the same object in both, so that they cost little.
 */
const momentEvery = 256;

const beginning: Moment = {
  seq: 0,
  at: null,
  view: initialRunView(),
  summary: initialSummary(),
};

/** A timeline without events. */
export function createTimeline(): Timeline {
  const log: JobEvent[] = [];
  const kept: Moment[] = [beginning];
  let last = beginning;

  return {
    get length() {
      return log.length;
    },
    get firstSeq() {
      return log[0]?.seq ?? 0;
    },
    get lastSeq() {
      return last.seq;
    },
    append(events) {
      let isWhole = true;
      for (const event of events) {
        if (log.length > 0 && event.seq !== last.seq + 1) {
          isWhole = false;
          continue;
        }
        log.push(event);
        last = step(last, event);
        if (log.length % momentEvery === 0) kept.push(last);
      }
      return isWhole;
    },
    learn(grounds) {
      const learnt = (moment: Moment) => ({ ...moment, view: withGrounds(moment.view, grounds) });
      for (const [place, moment] of kept.entries()) kept[place] = learnt(moment);
      last = learnt(last);
    },
    events: (from, to) => log.slice(Math.max(0, from), to),
    at(seq) {
      if (seq >= last.seq) return last;
      const first = log[0]?.seq ?? 1;
      const place = Math.max(0, seq - first + 1);
      const keptPlace = Math.floor(place / momentEvery);
      let moment = kept[keptPlace] ?? beginning;
      for (const event of log.slice(keptPlace * momentEvery, place)) moment = step(moment, event);
      return moment;
    },
  };
}

function step(moment: Moment, event: JobEvent): Moment {
  return {
    seq: event.seq,
    at: event.at,
    view: reduceRunView(moment.view, event),
    summary: reduceSummary(moment.summary, event),
  };
}
