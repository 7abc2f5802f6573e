import { type AgentContext, CmoError } from "@cmo/engine";
import type { ProfileAnswer } from "../enrichment/enrich.ts";
import { profileTask } from "../enrichment/stored-profile.ts";
import { readContributions } from "../extraction/contribution.ts";
import type { WorkingMemory } from "../memory/working-memory.ts";
import type { RankedPerson } from "../scoring/score-people.ts";
import { willingPeople } from "../scoring/willing-person.ts";
import { suppressedAmong } from "../suppression/suppressed-people.ts";
import type { LeadPerson } from "./rank-leads.ts";

/** What {@link readLeadPeople} needs. */
export interface ReadPeopleOptions {
  context: AgentContext;
  memory: WorkingMemory;
}

/**
 * Everything about these people, in their order, from what is stored; without those who have been suppressed since
 * their answer was. `as`: whether they are exported, or only told of.
 */
export async function readLeadPeople(
  page: readonly RankedPerson[],
  as: "exported" | "listed",
  { context, memory }: ReadPeopleOptions,
): Promise<readonly LeadPerson[]> {
  const records = await memory.read(
    willingPeople,
    page.map(({ place }) => String(place)),
  );
  const ids = page.map(({ id }) => id);
  const contributionsOf = await readContributions(memory, ids);
  const profiles = await readProfiles(context, ids);
  const unwanted = await suppressedAmong(context, [...profiles.values()]);
  const willing = page.flatMap(({ id, place }) => {
    const profile = profiles.get(id);
    const record = records.get(String(place));
    if (profile === undefined || record === undefined || unwanted.has(profile)) return [];
    const { judgement, domain } = record;
    return [
      {
        profile,
        contributions: contributionsOf.get(id) ?? [],
        judgement: { ...judgement, address: domain === null ? null : { domain } },
      },
    ];
  });
  const firstSeen = await context.firstSeen(
    willing.map(({ profile }) => profile.id),
    as,
  );
  return willing.map((person) => ({ ...person, firstSeenAt: firstSeen.get(person.profile.id) ?? null }));
}

/** The profiles of these people as they were stored; nobody is asked for again. */
async function readProfiles(context: AgentContext, ids: readonly string[]) {
  const found = new Map<string, NonNullable<ProfileAnswer["profile"]>>();
  const stored = context.tasks<null, ProfileAnswer>(
    profileTask,
    ids.map((id) => ({ id, input: null })),
    async () => {
      throw new CmoError("agent_failed", "A profile is no longer stored.", { retryable: true });
    },
  );
  for await (const { id, value } of stored) if (value.profile !== null) found.set(id, value.profile);
  return found;
}
