import type { JobSpec, RepositoryRecord } from "@cmo/engine";

/** Why a repository is not looked into, or null; the first reason that holds. */
export function repositoryDropReason(repository: RepositoryRecord, spec: JobSpec): string | null {
  if (repository.isArchived) return "archived_repository";
  if (repository.isFork) return "fork";
  if (repository.isMirror) return "mirror";
  if (repository.isTemplate) return "template";
  if (repository.isEmpty) return "empty_repository";
  const excluded = new Set(spec.icp.excludeTopics.map((topic) => topic.toLowerCase()));
  return repository.topics.some((topic) => excluded.has(topic.toLowerCase())) ? "excluded_topic" : null;
}
