import type { AgentPeople, Belonging, PersonIdentity } from "../port/agent.ts";
import type { Store } from "../port/store.ts";
import type { StoredRow } from "../port/stored-people.ts";
import type { PersonKey } from "./person-key.ts";
import { createPersonRows, isOf, type PersonRows } from "./person-rows.ts";
import { objectOf, parseStored } from "./stored-value.ts";

/** A person as a store knows them. */
export interface FoundPerson {
  readonly identity: PersonIdentity;
  /** Every row that says something of them, in the store's order. */
  readonly rows: readonly StoredRow[];
}

/**
 * Everything that a store holds about somebody. Accounts that were renamed are followed: whoever has the id of somebody
 * known, or a login of theirs, is the same person, until nothing new is found. Rows that `isMeant` leaves out tell nothing.
 */
export async function findPerson(
  store: Store,
  people: AgentPeople,
  { kind, value }: PersonKey,
  isMeant: (row: StoredRow) => boolean,
): Promise<FoundPerson> {
  const known = createIdentity();
  if (kind === "id") known.add({ id: value, login: "", email: null });
  else known.add({ id: "", login: value, email: null });
  const candidates = new Map<string, StoredRow>();
  const asked = new Set<string>();
  let current: { identity: PersonIdentity; rows: PersonRows } | null = null;

  for (;;) {
    const texts = searchTexts(known.identity()).filter((text) => !asked.has(text));
    if (texts.length === 0) break;
    for (const text of texts) asked.add(text);
    for await (const row of store.findRows(texts)) {
      if (!isMeant(row)) continue;
      learn(row);
      if (rowsOf(known.identity()).about(row) !== null)
        candidates.set(JSON.stringify([row.table, row.jobId, row.kind, row.key]), row);
    }
  }
  return { identity: known.identity(), rows: [...candidates.values()] };

  function learn(row: StoredRow): void {
    if (row.table === "lead") {
      const lead = objectOf(parseStored(row.value));
      const account = {
        id: String(lead?.nodeId ?? ""),
        login: String(lead?.login ?? ""),
        email: typeof lead?.email === "string" ? lead.email : null,
      };
      if (isOf(known.identity(), account.id, account.login)) known.add(account);
    }
    if (row.table !== "task_result") return;
    const result = { kind: row.kind, itemId: row.key, value: parseStored(row.value) };
    for (const account of people.peopleIn(result)) {
      if (isOf(known.identity(), account.id, account.login)) known.add(account);
    }
    for (const belonging of people.belongingsIn(result, known.identity())) known.addBelonging(belonging);
  }

  function rowsOf(identity: PersonIdentity) {
    // Made anew only when there is more to go by: of a login that is a common word there are many rows.
    if (current?.identity !== identity) {
      current = { identity, rows: createPersonRows(people, identity, (id) => id) };
    }
    return current.rows;
  }
}

/**
 * The texts that every row about a person holds one of. Only those that stand in JSON as they are; a row that holds
 * nothing but another one names them by an id too.
 */
export function searchTexts({ ids, logins, emails, belongings }: PersonIdentity): string[] {
  const texts = [...ids, ...logins, ...emails, ...belongings.map(({ id }) => id)];
  return [...new Set(texts)].filter((text) => /^[\x20-\x7e]+$/.test(text) && !/["\\]/.test(text));
}

/** What is known of a person so far. The identity is the same object as long as nothing was added. */
function createIdentity() {
  const ids = new Set<string>();
  const logins = new Set<string>();
  const emails = new Set<string>();
  const belongings = new Map<string, Belonging>();
  let identity: PersonIdentity | null = null;

  function put(set: Set<string>, text: string): void {
    if (text === "" || set.has(text)) return;
    set.add(text);
    identity = null;
  }

  return {
    add(account: { readonly id: string; readonly login: string; readonly email: string | null }): void {
      // A pseudonym is of nobody.
      if (account.id.startsWith("~")) return;
      put(ids, account.id);
      put(logins, account.login.toLowerCase());
      put(emails, (account.email ?? "").trim().toLowerCase());
    },
    addBelonging(belonging: Belonging): void {
      if (belonging.id.startsWith("~") || belongings.has(belonging.id)) return;
      belongings.set(belonging.id, belonging);
      identity = null;
    },
    identity(): PersonIdentity {
      identity ??= {
        ids: [...ids],
        logins: [...logins],
        emails: [...emails],
        belongings: [...belongings.values()],
      };
      return identity;
    },
  };
}
