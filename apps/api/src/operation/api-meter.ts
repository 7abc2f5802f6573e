/** What an open stream speaks. */
export type StreamForm = "sse" | "ndjson";

/** Hears of what the server does, to be counted. Every method is cheap and never throws. */
export interface ApiMeter {
  /** `route` is the pattern, never the path: paths name jobs and people. */
  request(facts: { method: string; route: string; status: number; seconds: number }): void;
  readerOpened(form: StreamForm): void;
  /** `dropped`: it did not read for too long. `stopped`: the server ends. */
  readerClosed(form: StreamForm, why: "ended" | "left" | "dropped" | "stopped"): void;
  /** From the event's time to the moment it was handed to its readers. */
  eventLag(seconds: number): void;
  /** All that was counted, in Prometheus' text format (version 0.0.4). */
  exposition(): Promise<string>;
}

/** A meter that counts nothing. */
export const idleMeter: ApiMeter = {
  request() {},
  readerOpened() {},
  readerClosed() {},
  eventLag() {},
  exposition: async () => "",
};
