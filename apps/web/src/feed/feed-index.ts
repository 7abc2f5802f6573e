import { channelOf, type JobEvent } from "@cmo/engine";

/** The places in a log of the events of some channels, in order. */
export interface FeedIndex {
  readonly length: number;
  /** The place in the log of the event at this row. */
  place(row: number): number;
  /** How many rows have a place before this one. */
  rowsBefore(place: number): number;
  /** Looks at what has come after the last place that was looked at. */
  extend(events: readonly JobEvent[]): void;
  /** How many events were looked at. */
  readonly looked: number;
}

/** An index of nothing yet. */
export function createFeedIndex(isOn: (channel: string) => boolean): FeedIndex {
  const places: number[] = [];
  let looked = 0;
  return {
    get length() {
      return places.length;
    },
    get looked() {
      return looked;
    },
    place: (row) => places[row] ?? 0,
    rowsBefore(place) {
      let [low, high] = [0, places.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((places[middle] ?? 0) < place) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    extend(events) {
      for (const { type } of events) {
        if (isOn(channelOf(type))) places.push(looked);
        looked += 1;
      }
    },
  };
}
