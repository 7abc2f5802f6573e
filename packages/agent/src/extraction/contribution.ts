import { type RepositoryFacts, repositoryFacts } from "../discovery/repository-facts.ts";
import type { WorkingMemory } from "../memory/working-memory.ts";
import { byText } from "../text/by-text.ts";
import { personRecords } from "./person-record.ts";

/** What somebody did in one repository inside the activity window. */
export interface Contribution {
  readonly repository: RepositoryFacts;
  readonly commits: number;
  /** ISO instant. */
  readonly lastCommitAt: string;
}

/** Everything that these people did, by their ids: most commits first, ties by the repository's name and id. */
export async function readContributions(
  memory: Pick<WorkingMemory, "read">,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Contribution[]>> {
  const people = await memory.read(personRecords, personIds);
  const repositoryIds = new Set(
    [...people.values()].flatMap(({ contributions }) => contributions.map(([repositoryId]) => repositoryId)),
  );
  const repositories = await memory.read(repositoryFacts, [...repositoryIds]);
  return new Map(
    [...people].map(([id, { contributions }]) => [
      id,
      contributions
        .flatMap(([repositoryId, commits, lastCommitAt]): Contribution[] => {
          const repository = repositories.get(repositoryId);
          return repository == null ? [] : [{ repository, commits, lastCommitAt }];
        })
        .sort(byCommits),
    ]),
  );
}

function byCommits(a: Contribution, b: Contribution): number {
  return (
    b.commits - a.commits ||
    byText(a.repository.name, b.repository.name) ||
    byText(a.repository.id, b.repository.id)
  );
}
