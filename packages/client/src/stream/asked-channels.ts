import type { Channel } from "@cmo/engine";

/** The channels to ask for. An empty list is the job channel, which is always in; none at all means every channel. */
export function askedChannels(channels: readonly Channel[] | undefined): readonly Channel[] | undefined {
  return channels?.length === 0 ? ["job"] : channels;
}
