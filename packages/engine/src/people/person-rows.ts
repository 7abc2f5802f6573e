import type { AgentPeople, PersonIdentity } from "../port/agent.ts";
import type { RowEdit, StoredRow } from "../port/stored-people.ts";
import { ownedCampaign } from "./first-seen-campaign.ts";
import { leadWithout } from "./lead-without.ts";
import { eventWithout, snapshotWithout } from "./log-without.ts";
import { createPersonText, type PersonText } from "./person-text.ts";
import { listOf, objectOf, parseStored, type StoredObject } from "./stored-value.ts";

/** What rows have to do with a person. */
export interface PersonRows {
  /** What a row says of them; null when it says nothing. JSON. */
  about(row: StoredRow): unknown;
  /** What becomes of a row when they are erased. */
  without(row: StoredRow): RowEdit;
}

/** The {@link PersonRows} of a person. `pseudonymOf` gives what stands for an id that must not be stored. */
export function createPersonRows(
  people: AgentPeople,
  person: PersonIdentity,
  pseudonymOf: (id: string) => string,
): PersonRows {
  const text = createPersonText(person);
  const namesThem = (row: StoredRow) => text.names(row.key) || text.names(row.value);
  const isTheirs = (lead: StoredObject) => isOf(person, lead.nodeId, lead.login);

  return {
    about(row) {
      const value = row.table === "first_seen" ? row.value : parseStored(row.value);
      // Nobody knows what it says; that it names them is known.
      if (value === undefined && row.table !== "note") return namesThem(row) ? { unreadable: true } : null;
      const object = objectOf(value);
      switch (row.table) {
        case "task_result":
          return people.about({ kind: row.kind, itemId: row.key, value }, person);
        case "lead":
          if (object === null) return null;
          return isTheirs(object) ? object : namedIn(object, text);
        case "event":
          return object !== null && eventWithout(row.kind, object, text) !== object ? object : null;
        case "snapshot":
          // It repeats what events say; whoever wants to know what is held finds it there.
          return null;
        case "note":
          return text.names(row.key) || text.names(row.value) ? { key: row.key } : null;
        case "first_seen":
          return person.ids.includes(row.key)
            ? { firstSeenAt: row.value, campaign: ownedCampaign(row.kind).name }
            : null;
        default:
          return row.table satisfies never;
      }
    },

    without(row) {
      if (row.table === "first_seen") return person.ids.includes(row.key) ? null : undefined;
      if (row.table === "note") return text.names(row.key) || text.names(row.value) ? null : undefined;
      const value = parseStored(row.value);
      // What cannot be read and names them cannot be edited: all of it goes.
      if (value === undefined) {
        if (!namesThem(row)) return undefined;
        return row.table === "snapshot" ? { value: "{}" } : null;
      }
      const object = objectOf(value);
      switch (row.table) {
        case "task_result": {
          const result = { kind: row.kind, itemId: row.key, value };
          const next = people.without(result, person, pseudonymOf);
          if (next === result) return undefined;
          return next === null ? null : { key: next.itemId, value: JSON.stringify(next.value) };
        }
        case "lead":
          return object !== null && isTheirs(object)
            ? null
            : edited(object, (lead) => leadWithout(lead, text));
        case "event":
          return edited(object, (data) => eventWithout(row.kind, data, text));
        case "snapshot":
          return edited(object, (snapshot) => snapshotWithout(snapshot, text));
        default:
          return row.table satisfies never;
      }
    },
  };
}

/** Whether an account is one of the person's, by its id or by any login that they are known by. */
export function isOf({ ids, logins }: PersonIdentity, id: unknown, login: unknown): boolean {
  return (
    (typeof id === "string" && ids.includes(id)) ||
    (typeof login === "string" && logins.includes(login.toLowerCase()))
  );
}

function edited(object: StoredObject | null, change: (object: StoredObject) => StoredObject): RowEdit {
  if (object === null) return undefined;
  const next = change(object);
  return next === object ? undefined : { value: JSON.stringify(next) };
}

/** Where somebody else's lead names a repository of the person. */
function namedIn(lead: StoredObject, text: PersonText): unknown {
  const next = leadWithout(lead, text);
  if (next === lead) return null;
  const before = listOf(lead.repositories).map((one) => objectOf(one)?.name);
  const after = listOf(next.repositories).map((one) => objectOf(one)?.name);
  return { leadOfSomebodyElse: true, repositories: before.filter((name, index) => name !== after[index]) };
}
