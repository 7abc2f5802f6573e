import type {
  AgentContext,
  MissingReason,
  PersonProfile,
  Source,
  SourceAnswer,
  TaskAnswer,
} from "@cmo/engine";
import type { Candidate } from "../extraction/people-ledger.ts";
import { type AnswerCache, dayMs, taskCache } from "../memory/answer-cache.ts";
import { taskAnswer } from "../memory/task-answer.ts";
import { suppressedAmong } from "../suppression/suppressed-people.ts";
import { profileTask } from "./stored-profile.ts";

/** A candidate's profile, or why there is none. */
export interface EnrichedPerson {
  readonly candidate: Candidate;
  readonly profile: PersonProfile | null;
  readonly missing: MissingReason | "suppressed" | null;
}

/** What is stored of the answer for a person. */
export type ProfileAnswer = Pick<EnrichedPerson, "profile" | "missing">;

/** What {@link enrich} needs. */
export interface EnrichOptions {
  context: AgentContext;
  source: Source;
  /** Null: every job asks for itself. */
  cache: AnswerCache | null;
  signal: AbortSignal;
}

/**
 * The profiles of these people, in their order. Whoever is suppressed by login or id is not asked for; whoever turns
 * out on the answer to be suppressed, by address or domain too, is dropped before anything of it is stored.
 */
export async function* enrich(
  candidates: readonly Candidate[],
  { context, source, cache, signal }: EnrichOptions,
): AsyncGenerator<EnrichedPerson, void, undefined> {
  const unwanted = await suppressedAmong(context, candidates);
  const screenedNow = new Set<string>();
  const outcomes = context.tasks(
    profileTask,
    candidates.filter((one) => !unwanted.has(one)).map(({ id }) => ({ id, input: null })),
    (items, call) =>
      answersOf(
        source.people(
          items.map((item) => item.id),
          call,
        ),
      ),
    {
      batchSize: () => source.batchSize("people"),
      concurrency: source.concurrency,
      signal,
      screen: (answers) => {
        for (const { id } of answers) screenedNow.add(id);
        return screenProfiles(context, answers);
      },
      ...taskCache(cache, dayMs),
    },
  );
  const answers = outcomes[Symbol.asyncIterator]();
  /** People whose answer an earlier pass stored: the list may have grown since. Asked about together. */
  let doubtful: EnrichedPerson[] = [];
  try {
    let next = await answers.next();
    for (const candidate of candidates) {
      if (unwanted.has(candidate)) {
        doubtful.push({ candidate, profile: null, missing: "suppressed" });
      } else if (!next.done && next.value.id === candidate.id) {
        doubtful.push({ candidate, ...next.value.value });
        const isChecked = screenedNow.has(candidate.id);
        if (isChecked || doubtful.length >= mostDoubtful) {
          yield* await withoutSuppressed(context, doubtful, screenedNow);
          doubtful = [];
        }
        next = await answers.next();
      }
    }
    yield* await withoutSuppressed(context, doubtful, screenedNow);
  } finally {
    await answers.return?.();
  }
}

/** So many people are asked about at once. */
const mostDoubtful = 500;

/** What is to be stored of these answers: nothing of those who are suppressed. */
async function screenProfiles(
  context: AgentContext,
  answers: readonly TaskAnswer<ProfileAnswer>[],
): Promise<readonly TaskAnswer<ProfileAnswer>[]> {
  const unwanted = await suppressedAmong(
    context,
    answers.flatMap(({ value: { profile } }) => (profile === null ? [] : [profile])),
  );
  return answers.map((answer) =>
    answer.value.profile !== null && unwanted.has(answer.value.profile)
      ? { id: answer.id, value: { profile: null, missing: "suppressed" } }
      : answer,
  );
}

async function withoutSuppressed(
  context: AgentContext,
  people: readonly EnrichedPerson[],
  screened: ReadonlySet<string>,
): Promise<EnrichedPerson[]> {
  const late = await suppressedAmong(
    context,
    people.flatMap(({ candidate: { id }, profile }) =>
      profile === null || screened.has(id) ? [] : [profile],
    ),
  );
  return people.map(({ candidate, profile, missing }) =>
    profile !== null && late.has(profile)
      ? { candidate, profile: null, missing: "suppressed" }
      : { candidate, profile, missing },
  );
}

async function* answersOf(
  answers: AsyncIterable<SourceAnswer<PersonProfile>>,
): AsyncGenerator<TaskAnswer<ProfileAnswer>, void, undefined> {
  for await (const answer of answers) {
    yield taskAnswer(answer, { profile: answer.value, missing: answer.missing });
  }
}
