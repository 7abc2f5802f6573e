import { type AgentContext, type SuppressionEntry, suppressionEntriesOf } from "@cmo/engine";

/** How somebody is looked for on the suppression list. */
export interface Identity {
  readonly id: string;
  readonly login: string;
  /** Absent or null where it is not known. */
  readonly email?: string | null;
}

/** Whether an id is a pseudonym, which stands for somebody who must not be stored. */
export function isPseudonym(id: string): boolean {
  return id.startsWith("~");
}

/** Those of these people who are suppressed, by whatever is known of them; the list is asked once for all of them. */
export async function suppressedAmong<T extends Identity>(
  context: Pick<AgentContext, "suppressed">,
  people: readonly T[],
): Promise<ReadonlySet<T>> {
  const found = new Set(people.filter(({ id }) => isPseudonym(id)));
  const owners = new Map<string, { entry: SuppressionEntry; people: T[] }>();
  for (const person of people) {
    if (found.has(person)) continue;
    for (const entry of suppressionEntriesOf({ ...person, email: person.email ?? null })) {
      const key = `${entry.kind}:${entry.value}`;
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, { entry, people: [person] });
      else owner.people.push(person);
    }
  }
  if (owners.size === 0) return found;
  const asked = [...owners.values()];
  const flags = await context.suppressed(asked.map(({ entry }) => entry));
  for (const [index, isListed] of flags.entries()) {
    if (isListed) for (const person of asked[index]?.people ?? []) found.add(person);
  }
  return found;
}
