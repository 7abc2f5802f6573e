import type {
  AgentContext,
  JobSpec,
  MissingReason,
  RepositoryActivity,
  RepositoryRecord,
  Source,
  TaskAnswer,
} from "@cmo/engine";
import { type AnswerCache, dayMs, taskCache } from "../memory/answer-cache.ts";
import { taskAnswer } from "../memory/task-answer.ts";
import { isPseudonym } from "../suppression/suppressed-people.ts";
import { type ActivityAnswer, screenActivity } from "./screen-activity.ts";

/** Who was active in a repository, or why that is not known. */
export interface OpenedRepository {
  readonly repository: RepositoryRecord;
  readonly activity: RepositoryActivity | null;
  readonly missing: MissingReason | null;
}

/** What {@link extract} needs. */
export interface ExtractOptions {
  spec: JobSpec;
  context: AgentContext;
  source: Source;
  /** Null: every job asks for itself. */
  cache: AnswerCache | null;
  signal: AbortSignal;
}

/** The activity in these repositories, in their order. */
export async function* extract(
  repositories: readonly RepositoryRecord[],
  { spec, context, source, cache, signal }: ExtractOptions,
): AsyncGenerator<OpenedRepository, void, undefined> {
  const window = {
    since: `${spec.pushedSince}T00:00:00.000Z`,
    commitsPerRepository: spec.limits.commitsPerRepo,
    deep: spec.limits.deepHistory,
  };
  const byId = new Map(repositories.map((repository) => [repository.id, repository]));
  const outcomes = context.tasks(
    "activity",
    repositories.map(({ id }) => ({ id, input: window })),
    (items, call) => {
      const ids = items.map((item) => item.id);
      // A repository whose owner must not be stored is not one that could be asked for.
      const nameless = ids.filter(isPseudonym).map((id) => ({ id, value: notAsked }));
      const named = ids.filter((id) => !isPseudonym(id));
      return named.length === 0
        ? Promise.resolve(nameless)
        : answersOf(nameless, source.repositoryActivity(named, window, call));
    },
    {
      batchSize: () => source.batchSize("activity"),
      concurrency: source.concurrency,
      signal,
      screen: (answers) => screenActivity(context, answers),
      // A repository that nobody has pushed to since has the same history.
      ...taskCache(cache, activityAgeMs, ({ id }) => byId.get(id)?.pushedAt ?? ""),
    },
  );
  for await (const { id, value } of outcomes) {
    const repository = byId.get(id);
    if (repository !== undefined) yield { repository, ...value };
  }
}

/** How old an answer about a repository may be that was not pushed to since. */
const activityAgeMs = 7 * dayMs;

const notAsked: ActivityAnswer = { activity: null, missing: "gone" };

async function* answersOf(
  nameless: readonly TaskAnswer<ActivityAnswer>[],
  answers: ReturnType<Source["repositoryActivity"]>,
): AsyncGenerator<TaskAnswer<ActivityAnswer>, void, undefined> {
  for (const answer of nameless) yield { ...answer, more: true };
  for await (const answer of answers) {
    yield taskAnswer(answer, { activity: answer.value, missing: answer.missing });
  }
}
