import { isTerminalEvent, type JobEvent } from "@cmo/engine";
import { bundleError } from "./bundle-error.ts";

/**
 * The events of a log, made sure to be whole: a gapless `seq` from 1, and one terminal event, the last.
 * @throws CmoError `bundle_invalid`, which says where it is not.
 */
export async function* wholeLog(events: AsyncIterable<JobEvent>): AsyncGenerator<JobEvent, void, undefined> {
  let last: JobEvent | null = null;
  for await (const event of events) {
    if (last !== null && isTerminalEvent(last)) throw bundleError("The log goes on after its end.");
    if (event.seq !== (last?.seq ?? 0) + 1) {
      throw bundleError(`The log has a gap: event ${event.seq} after ${last?.seq ?? 0}.`);
    }
    last = event;
    yield event;
  }
  if (last === null || !isTerminalEvent(last)) throw bundleError("The log has no end.");
}
