import { type Channel, channelFilter } from "../event/channel.ts";
import type { Sink } from "./sink.ts";

/** A sink that sees only these channels, and the job channel, which is always in. */
export function filterChannels(sink: Sink, channels: readonly Channel[]): Sink {
  const passes = channelFilter(channels);
  return (event) => (passes(event.type) ? sink(event) : undefined);
}
