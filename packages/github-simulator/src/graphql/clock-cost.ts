/**
 * Simulated milliseconds that one field takes on GitHub's ten-second clock. The weights follow reports of what passes
 * and what dies: commit histories of 10 repositories × 100 take two to three seconds, of 50 × 100 never come back;
 * their bare `totalCount` takes five seconds for 50 and dies at 100; a hundred light profiles take about a second.
 *
 * @param field as `Type.field`
 * @param size how many items a connection is asked for; null for a plain field
 */
export function clockCostOf(field: string, size: number | null): number {
  const weight = WEIGHTS[field];
  if (weight !== undefined) return weight.base + weight.item * (size ?? 0);
  return size === null ? 0 : 10 + size * 0.5;
}

const WEIGHTS: Record<string, { base: number; item: number }> = {
  "Query.search": { base: 300, item: 5 },
  "Query.nodes": { base: 30, item: 3 },
  "Query.node": { base: 10, item: 0 },
  "Query.repository": { base: 10, item: 0 },
  "Query.user": { base: 10, item: 0 },
  "Commit.history": { base: 100, item: 1.6 },
  "Repository.pullRequests": { base: 60, item: 4 },
  "Repository.releases": { base: 20, item: 4 },
  "Repository.repositoryTopics": { base: 3, item: 0.1 },
  "Repository.mentionableUsers": { base: 400, item: 6 },
  "Repository.watchers": { base: 5, item: 1 },
  "User.followers": { base: 8, item: 1 },
  "User.following": { base: 8, item: 1 },
  "User.socialAccounts": { base: 30, item: 1 },
  "User.organizations": { base: 40, item: 2 },
  "User.contributionsCollection": { base: 900, item: 0 },
  "User.repositoriesContributedTo": { base: 1200, item: 4 },
  "User.status": { base: 1, item: 0 },
};
