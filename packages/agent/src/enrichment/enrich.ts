import {
  type AgentContext,
  type MissingReason,
  type PersonProfile,
  type Source,
  type SourceAnswer,
  type SuppressionEntry,
  suppressionEntriesOf,
} from "@cmo/engine";
import type { Candidate } from "../extraction/people-ledger.ts";

/** A candidate's profile, or why there is none. */
export interface EnrichedPerson {
  readonly candidate: Candidate;
  readonly profile: PersonProfile | null;
  readonly missing: MissingReason | "suppressed" | null;
}

/** What {@link enrich} needs. */
export interface EnrichOptions {
  context: AgentContext;
  source: Source;
  signal: AbortSignal;
}

/**
 * The profiles of these people, in their order. Whoever is suppressed by login or id is not asked for; whoever turns
 * out on the answer to be suppressed, by address or domain too, is dropped before anything of it is stored.
 */
export async function* enrich(
  candidates: readonly Candidate[],
  { context, source, signal }: EnrichOptions,
): AsyncGenerator<EnrichedPerson, void, undefined> {
  const unwanted = await suppressedAmong(
    context,
    candidates.map(({ id, login }) => ({ id, entries: suppressionEntriesOf({ id, login, email: null }) })),
  );
  const checkedNow = new Set<string>();
  const outcomes = context.tasks(
    "profile",
    candidates.filter(({ id }) => !unwanted.has(id)).map(({ id }) => ({ id, input: null })),
    (items, call) =>
      withoutSuppressed(
        context,
        source.people(
          items.map((item) => item.id),
          call,
        ),
        checkedNow,
      ),
    { batchSize: () => source.batchSize("people"), concurrency: source.concurrency, signal },
  );
  const answers = outcomes[Symbol.asyncIterator]();
  try {
    let next = await answers.next();
    for (const candidate of candidates) {
      if (unwanted.has(candidate.id)) {
        yield { candidate, profile: null, missing: "suppressed" };
      } else if (!next.done && next.value.id === candidate.id) {
        const { value } = next.value;
        // The list may have grown since an answer of an earlier pass was stored.
        const late =
          value.profile !== null &&
          !checkedNow.has(candidate.id) &&
          (await isSuppressed(context, value.profile));
        yield late ? { candidate, profile: null, missing: "suppressed" } : { candidate, ...value };
        next = await answers.next();
      }
    }
  } finally {
    await answers.return?.();
  }
}

type StoredProfile = Pick<EnrichedPerson, "profile" | "missing">;

async function* withoutSuppressed(
  context: AgentContext,
  answers: AsyncIterable<SourceAnswer<PersonProfile>>,
  checked: Set<string>,
): AsyncGenerator<{ id: string; value: StoredProfile }, void, undefined> {
  for await (const { id, value, missing } of answers) {
    checked.add(id);
    if (value === null) yield { id, value: { profile: null, missing } };
    else if (await isSuppressed(context, value))
      yield { id, value: { profile: null, missing: "suppressed" } };
    else yield { id, value: { profile: value, missing: null } };
  }
}

async function isSuppressed(context: AgentContext, profile: PersonProfile): Promise<boolean> {
  return (await context.suppressed(suppressionEntriesOf(profile))).includes(true);
}

async function suppressedAmong(
  context: AgentContext,
  people: readonly { id: string; entries: readonly SuppressionEntry[] }[],
): Promise<Set<string>> {
  const flags = await context.suppressed(people.flatMap((person) => person.entries));
  const found = new Set<string>();
  let index = 0;
  for (const { id, entries } of people) {
    for (const _entry of entries) {
      if (flags[index] === true) found.add(id);
      index += 1;
    }
  }
  return found;
}
