import type { RecordedAnswer } from "@cmo/bundle";
import {
  type AgentPeople,
  type Digest,
  hashSuppression,
  type Job,
  type PersonIdentity,
  pseudonymFor,
  type Store,
  suppressionEntriesOf,
} from "@cmo/engine";

/** Everybody in a recording whom nobody may have any more, and the recording without them. */
export interface PeopleLeftOut {
  /** All of them as one. */
  readonly identity: PersonIdentity;
  /** The answer without them, with pseudonyms in the places that have to stay taken; null when nothing of it is left. */
  without(answer: RecordedAnswer): RecordedAnswer | null;
}

/** What is needed to find them. */
export interface LeftOutParts {
  readonly store: Store;
  readonly people: AgentPeople;
  readonly digest: Digest;
}

/**
 * Finds who is suppressed by now, by the job's spec or by the store's list: the recording was screened when it was made,
 * and the lists have grown since. Reads it several times. Null when there is nobody.
 */
export async function findPeopleLeftOut(
  parts: LeftOutParts,
  job: Pick<Job, "spec">,
  recording: () => AsyncIterable<RecordedAnswer>,
): Promise<PeopleLeftOut | null> {
  const { store, people, digest } = parts;
  const key = await store.suppressionKey();
  const isSuppressed = await createListLook(parts, job, key);
  const ids = new Set<string>();
  const logins = new Set<string>();
  const emails = new Set<string>();

  let batch: Named[] = [];
  const lookUp = async () => {
    for (const { id, login, email } of await isSuppressed(batch)) {
      if (id !== "") ids.add(id);
      if (login !== "") logins.add(login.toLowerCase());
      if (email !== null) emails.add(email.toLowerCase());
    }
    batch = [];
  };
  for await (const answer of recording()) {
    batch.push(...namedIn(people, answer));
    // Who was suppressed when they were asked for is not named there, but may be where they were active.
    if (isUnwanted(answer)) ids.add(answer.item);
    if (batch.length >= 1_000) await lookUp();
  }
  await lookUp();
  if (ids.size === 0 && logins.size === 0) return null;

  for await (const answer of recording()) {
    for (const { id, login } of people.peopleIn(storedOf(answer))) {
      if (ids.has(id) && login !== "") logins.add(login.toLowerCase());
      if (logins.has(login.toLowerCase())) ids.add(id);
    }
  }
  const known = { ids: [...ids], logins: [...logins], emails: [...emails], belongings: [] };
  const theirs = new Map<string, PersonIdentity["belongings"][number]>();
  const ofOthers = new Set<string>();
  for await (const answer of recording()) {
    for (const one of people.belongingsIn(storedOf(answer), known)) theirs.set(one.id, one);
  }
  for await (const answer of theirs.size === 0 ? [] : recording()) {
    const stored = storedOf(answer);
    for (const other of people.peopleIn(stored)) {
      if (ids.has(other.id) || other.email === null) continue;
      // A domain that others have addresses at too leads to nobody alone, and is needed for them.
      const alone = { ids: [other.id], logins: [other.login.toLowerCase()], emails: [], belongings: [] };
      for (const { id } of people.belongingsIn(stored, alone)) if (theirs.has(id)) ofOthers.add(id);
    }
  }
  const belongings = [...theirs.values()].filter(({ id }) => !ofOthers.has(id));
  const identity = { ids: known.ids, logins: known.logins, emails: [], belongings };
  const pseudonymOf = (id: string) => pseudonymFor(digest, key, id);
  return {
    identity: { ...identity, emails: known.emails },
    without(answer) {
      const left = people.without(storedOf(answer), identity, pseudonymOf);
      return left === null ? null : { ...answer, item: left.itemId, value: left.value };
    },
  };
}

interface Named {
  readonly id: string;
  readonly login: string;
  readonly email: string | null;
}

function storedOf({ kind, item, value }: RecordedAnswer) {
  return { kind, itemId: item, value };
}

async function createListLook(
  { store, digest }: LeftOutParts,
  { spec }: Pick<Job, "spec">,
  key: string,
): Promise<(people: readonly Named[]) => Promise<readonly Named[]>> {
  const bySpec = new Set(spec.suppress.map(({ hash }) => hash));
  if (bySpec.size === 0 && (await store.listSuppressed({ limit: 1 })).length === 0) return async () => [];
  return async (people) => {
    const hashes = people.map((one) =>
      suppressionEntriesOf(one).map((entry) => hashSuppression(digest, key, entry)),
    );
    const listed = await store.findSuppressed(hashes.flat());
    return people.filter((_one, index) =>
      hashes[index]?.some((hash) => bySpec.has(hash) || listed.has(hash)),
    );
  };
}

/** Everybody whom an answer names: people, and those of them who own repositories. */
function namedIn(people: AgentPeople, answer: RecordedAnswer): Named[] {
  const named: Named[] = [...people.peopleIn(storedOf(answer))];
  for (const repository of listIn(answer.value, "repositories")) {
    const owner = fieldOf(repository, "owner");
    const login = fieldOf(owner, "login");
    if (fieldOf(owner, "type") === "user" && typeof login === "string")
      named.push({ id: "", login, email: null });
  }
  return named.filter(({ id }) => !id.startsWith("~"));
}

function isUnwanted({ kind, item, value }: RecordedAnswer): boolean {
  return kind === "profile" && fieldOf(value, "missing") === "suppressed" && !item.startsWith("~");
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && key in value ? Object(value)[key] : undefined;
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = fieldOf(value, key);
  return Array.isArray(list) ? list : [];
}
