/** The channels that a reader may choose from. The job channel is always in. */
export const channels = ["job", "stage", "metrics", "tool", "artifact", "log", "quota"] as const;

/** One of {@link channels}. */
export type Channel = (typeof channels)[number];

/** The channel of an event type: what stands before its dot. A type from the future may name one not listed here. */
export function channelOf(type: string): string {
  const dot = type.indexOf(".");
  return dot === -1 ? type : type.slice(0, dot);
}

/**
 * A filter for event types. Without a list everything passes, types of unknown channels too; with one, its channels
 * and the job channel.
 */
export function channelFilter(wanted: readonly Channel[] | undefined): (type: string) => boolean {
  if (wanted === undefined) return () => true;
  const set = new Set<string>(wanted);
  set.add("job");
  return (type) => set.has(channelOf(type));
}
