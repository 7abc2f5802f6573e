import { isoTime, SITE_URL } from "../graphql/account-view.ts";
import { oidOf, type SimulatedCommit } from "../world/commit-history.ts";
import { encodeNodeId } from "../world/node-id.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { simpleUser } from "./rest-user.ts";

/** A repository in searches and on its own. */
export function restRepository(world: World, repository: Repository, apiUrl: string) {
  const { owner } = repository;
  const organization = owner.type === "organization" ? world.organization(owner.index) : null;
  return {
    id: repository.databaseId,
    node_id: encodeNodeId("repository", repository.index),
    name: repository.name,
    full_name: repository.nameWithOwner,
    private: false,
    owner:
      organization === null
        ? simpleUser(world.person(owner.index), apiUrl)
        : {
            login: organization.login,
            id: organization.databaseId,
            node_id: encodeNodeId("organization", organization.index),
            type: "Organization",
            site_admin: false,
          },
    html_url: `${SITE_URL}/${repository.nameWithOwner}`,
    description: repository.description,
    fork: repository.isFork,
    url: `${apiUrl}/repos/${repository.nameWithOwner}`,
    created_at: isoTime(repository.createdAt),
    updated_at: isoTime(repository.pushedAt),
    pushed_at: isoTime(repository.pushedAt),
    homepage: repository.homepageUrl,
    size: repository.sizeKiB,
    stargazers_count: repository.stars,
    watchers_count: repository.stars,
    language: repository.language,
    forks_count: repository.forks,
    archived: repository.isArchived,
    disabled: false,
    is_template: repository.isTemplate,
    license:
      repository.license === null
        ? null
        : { key: repository.license.toLowerCase(), spdx_id: repository.license },
    topics: repository.topics,
    visibility: "public",
    default_branch: repository.index % 5 === 0 ? "master" : "main",
  };
}

/** A commit in a list. */
export function restCommit(world: World, commit: SimulatedCommit, apiUrl: string) {
  const sha = oidOf(world.seed, commit.repository, commit.position);
  const writer = world.person(commit.writer);
  const actor = {
    name: writer.name ?? writer.login,
    email: `commits-${commit.writer}@git.invalid`,
    date: isoTime(commit.committedAt),
  };
  const account = commit.author === null ? null : simpleUser(world.person(commit.author), apiUrl);
  return {
    sha,
    node_id: encodeNodeId("commit", commit.repository, commit.position),
    commit: { author: actor, committer: actor, message: `Change ${commit.position}` },
    author: account,
    committer: account,
  };
}

/** All-time contributors of a repository, those with most commits first. */
export function contributorCounts(
  world: World,
  repository: number,
): { account: number; contributions: number }[] {
  const history = world.history(repository);
  const counts = new Map<number, number>();
  for (let position = 0; position < history.total; position += 1) {
    const author = history.at(position)?.author;
    if (author != null) counts.set(author, (counts.get(author) ?? 0) + 1);
  }
  return [...counts]
    .map(([account, contributions]) => ({ account, contributions }))
    .sort((left, right) => right.contributions - left.contributions || left.account - right.account);
}
