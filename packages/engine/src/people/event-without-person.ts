import { asKnownEvent, type JobEvent } from "../event/job-event.ts";
import type { PersonIdentity } from "../port/agent.ts";
import { eventWithout } from "./log-without.ts";
import { createPersonText } from "./person-text.ts";

/** Gives events without a person, as an erase leaves them; the very same event where it does not name them. */
export function createEventScreen(person: PersonIdentity): (event: JobEvent) => JobEvent {
  const text = createPersonText(person);
  return (event) => {
    if (asKnownEvent(event) === null) return event;
    const data = eventWithout(event.type, event.data, text);
    return data === event.data ? event : { ...event, data };
  };
}
