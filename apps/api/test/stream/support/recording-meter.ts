import { type ApiMeter, idleMeter } from "../../../src/operation/api-meter.ts";

/** A meter that keeps what it hears of readers. */
export interface RecordingMeter extends ApiMeter {
  /** `open sse`, `left ndjson` and so on, in order. */
  readonly heard: readonly string[];
  readonly lags: readonly number[];
}

/** A {@link RecordingMeter} that has heard nothing. */
export function createRecordingMeter(): RecordingMeter {
  const heard: string[] = [];
  const lags: number[] = [];
  return {
    ...idleMeter,
    heard,
    lags,
    readerOpened: (form) => void heard.push(`open ${form}`),
    readerClosed: (form, why) => void heard.push(`${why} ${form}`),
    eventLag: (seconds) => void lags.push(seconds),
  };
}
