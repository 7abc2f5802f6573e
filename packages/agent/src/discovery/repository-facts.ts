import type { RepositoryRecord } from "@cmo/engine";
import { recordCollection } from "../memory/working-memory.ts";

/** What scores and leads need to know of a repository. */
export type RepositoryFacts = Pick<
  RepositoryRecord,
  "id" | "name" | "url" | "stars" | "language" | "topics" | "owner"
>;

/** Every repository that a search has given, by id; null for those that are not looked into. */
export const repositoryFacts = recordCollection<RepositoryFacts | null>("repository/1");

/** The facts of a repository. */
export function factsOf({
  id,
  name,
  url,
  stars,
  language,
  topics,
  owner,
}: RepositoryRecord): RepositoryFacts {
  return { id, name, url, stars, language, topics, owner };
}
