import { CmoError } from "../error/cmo-error.ts";
import type { Agent, AgentPeople } from "../port/agent.ts";
import type { Calendar } from "../port/calendar.ts";
import type { Clock } from "../port/clock.ts";
import type { Digest } from "../port/digest.ts";
import type { Store } from "../port/store.ts";

/** What is needed to look after the data of people in a store. */
export interface PeopleParts {
  readonly store: Store;
  readonly agent: Agent;
  readonly clock: Clock;
  readonly digest: Digest;
  /** Tells the next times of schedules. Without one, a schedule ends with a run that is erased before its end. */
  readonly calendar?: Calendar;
}

/** {@link PeopleParts} as the end of a run wants them. What is said in its log goes with it. */
export function endingParts({ store, agent, digest, calendar }: Omit<PeopleParts, "clock">) {
  return { store, agent, digest, calendar, redact: (text: string) => text };
}

/** What the agent knows of people. @throws CmoError `usage` for an agent that cannot tell. */
export function peopleOf(agent: Agent): AgentPeople {
  if (agent.people !== undefined) return agent.people;
  throw new CmoError("usage", `The agent ${agent.name} cannot tell what its results say of whom.`, {
    hint: "Erase its jobs instead.",
  });
}
