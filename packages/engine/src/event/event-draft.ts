import type { EventData } from "./event-data.ts";
import type { KnownEventType } from "./event-type.ts";

/** An event before the store gave it its place in the log. */
export type EventDraft = { [T in KnownEventType]: { type: T; data: EventData<T> } }[KnownEventType];
