import type {
  AgentContext,
  JobSpec,
  MissingReason,
  RepositoryActivity,
  RepositoryRecord,
  Source,
} from "@cmo/engine";

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
  signal: AbortSignal;
}

/** The activity in these repositories, in their order. */
export async function* extract(
  repositories: readonly RepositoryRecord[],
  { spec, context, source, signal }: ExtractOptions,
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
    (items, call) =>
      answersOf(
        source.repositoryActivity(
          items.map((item) => item.id),
          window,
          call,
        ),
      ),
    { batchSize: () => source.batchSize("activity"), concurrency: source.concurrency, signal },
  );
  for await (const { id, value } of outcomes) {
    const repository = byId.get(id);
    if (repository !== undefined) yield { repository, ...value };
  }
}

async function* answersOf(answers: ReturnType<Source["repositoryActivity"]>) {
  for await (const { id, value, missing } of answers) yield { id, value: { activity: value, missing } };
}
