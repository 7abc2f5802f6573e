import { hash32, pick, unit } from "../random/hash.ts";
import { APP_ACCOUNTS } from "./special-account.ts";
import { TRAIT } from "./trait.ts";

/** How an author stands to the repository. */
type AuthorAssociation = "OWNER" | "MEMBER" | "COLLABORATOR" | "CONTRIBUTOR";

/** A merged pull request. */
export interface SimulatedPullRequest {
  repository: number;
  number: number;
  mergedAt: number;
  association: AuthorAssociation;
  author: number;
  mergedBy: number;
}

/** A published release. */
export interface SimulatedRelease {
  repository: number;
  number: number;
  publishedAt: number;
  author: number;
}

/** What pull requests and releases are derived from. */
export interface CollaborationInput {
  seed: number;
  repository: number;
  pushedAt: number;
  contributors: readonly number[];
  people: number;
  ownedByUser: boolean;
}

/** Merged pull requests, the latest first: the first contributors merge, and one in ten is opened by an app. */
export function mergedPullRequests(input: CollaborationInput, limit: number): SimulatedPullRequest[] {
  const total = countOf(input, TRAIT.pullRequest, 180);
  const requests: SimulatedPullRequest[] = [];
  let mergedAt = input.pushedAt;
  for (let position = 0; position < Math.min(total, limit); position += 1) {
    const hash = hash32(input.seed ^ (input.repository * 13), position, TRAIT.pullRequest);
    const rank = Math.floor(
      input.contributors.length * unit(input.seed ^ input.repository, position, TRAIT.pullRequestMerger),
    );
    const byApp = hash % 10 === 0;
    requests.push({
      repository: input.repository,
      number: total - position,
      mergedAt,
      association: byApp ? "CONTRIBUTOR" : associationOf(rank, input.ownedByUser),
      author: byApp ? input.people + pick(APP_ACCOUNTS, hash >>> 8) : (input.contributors[rank] ?? 0),
      mergedBy: input.contributors[(hash >>> 12) % Math.min(2, input.contributors.length)] ?? 0,
    });
    mergedAt -= (1 + (hash32(input.seed ^ input.repository, position, TRAIT.pullRequestGap) % 90)) * HOUR;
  }
  return requests;
}

/** How many pull requests were merged in all. */
export function mergedPullRequestCount(input: CollaborationInput): number {
  return countOf(input, TRAIT.pullRequest, 180);
}

/** Releases, the latest first. */
export function releasesOf(input: CollaborationInput): SimulatedRelease[] {
  const total = countOf(input, TRAIT.release, 12);
  return Array.from({ length: total }, (_, position) => ({
    repository: input.repository,
    number: total - position,
    publishedAt: input.pushedAt - position * 23 * 24 * HOUR,
    author:
      input.contributors[
        hash32(input.seed ^ input.repository, position, TRAIT.release) %
          Math.min(2, input.contributors.length)
      ] ?? 0,
  }));
}

const HOUR = 3_600_000;

function countOf(input: CollaborationInput, trait: number, most: number): number {
  return Math.floor(most * unit(input.seed, input.repository, trait) ** 1.5);
}

function associationOf(rank: number, ownedByUser: boolean): AuthorAssociation {
  if (rank === 0) return ownedByUser ? "OWNER" : "MEMBER";
  if (rank === 1) return ownedByUser ? "COLLABORATOR" : "MEMBER";
  return rank === 2 ? "COLLABORATOR" : "CONTRIBUTOR";
}
