import { CmoError } from "../error/cmo-error.ts";
import type { Agent, AgentPeople } from "../port/agent.ts";
import type { Clock } from "../port/clock.ts";
import type { Digest } from "../port/digest.ts";
import type { Store } from "../port/store.ts";

/** What is needed to look after the data of people in a store. */
export interface PeopleParts {
  readonly store: Store;
  readonly agent: Agent;
  readonly clock: Clock;
  readonly digest: Digest;
}

/** What the agent knows of people. @throws CmoError `usage` for an agent that cannot tell. */
export function peopleOf(agent: Agent): AgentPeople {
  if (agent.people !== undefined) return agent.people;
  throw new CmoError("usage", `The agent ${agent.name} cannot tell what its results say of whom.`, {
    hint: "Erase its jobs instead.",
  });
}
