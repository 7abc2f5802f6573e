import { type Channel, channelOf } from "@cmo/engine";
import type { StreamForm } from "../operation/api-meter.ts";

/** How a reader wants events: in which form, and which of them. */
export interface EventView {
  /** The same for equal views, so that what was made for one reader serves the others too. */
  readonly key: string;
  readonly form: StreamForm;
  /** Whether each event tells its seq as the id to resume by. */
  readonly numbered: boolean;
  /** Null for all types. */
  readonly accepts: ((type: string) => boolean) | null;
}

/** A view of all events, or of those in these channels and the job channel. */
export function createEventView(
  form: StreamForm,
  channels: readonly Channel[] | null,
  { numbered }: { readonly numbered: boolean },
): EventView {
  const lines = form === "sse" && numbered ? "numbered" : form;
  if (channels === null) return { key: lines, form, numbered, accepts: null };
  const wanted = new Set<string>(["job", ...channels]);
  return {
    key: `${lines} ${[...wanted].sort().join(",")}`,
    form,
    numbered,
    accepts: (type) => wanted.has(channelOf(type)),
  };
}
