import { hashText } from "../random/hash.ts";
import type { CommitHistory, SimulatedCommit } from "../world/commit-history.ts";
import { oidOf } from "../world/commit-history.ts";
import { encodeNodeId } from "../world/node-id.ts";
import { releasesOf } from "../world/pull-request.ts";
import type { World } from "../world/world.ts";
import { accountView, countOnly, isoTime, organizationView, SITE_URL } from "./account-view.ts";
import { type PullRequestArguments, pullRequestConnection, releaseView } from "./collaboration-view.ts";
import { createConnection, listConnection, type PageArguments } from "./connection.ts";
import { problemError } from "./graphql-problem.ts";
import type { QueryContext } from "./query-context.ts";
import type { View } from "./view.ts";

/** A repository, as GraphQL shows it. */
export function repositoryView(world: World, index: number): View {
  const repository = world.repository(index);
  const id = encodeNodeId("repository", index);
  const url = `${SITE_URL}/${repository.nameWithOwner}`;
  const releases = () => (repository.isEmpty ? [] : releasesOf(world.collaboration(index)));
  return {
    __typename: "Repository",
    id,
    databaseId: repository.databaseId,
    name: repository.name,
    nameWithOwner: repository.nameWithOwner,
    url,
    resourcePath: `/${repository.nameWithOwner}`,
    description: repository.description,
    homepageUrl: repository.homepageUrl,
    stargazerCount: repository.stars,
    forkCount: repository.forks,
    diskUsage: repository.sizeKiB,
    isArchived: repository.isArchived,
    isFork: repository.isFork,
    isMirror: repository.isMirror,
    isTemplate: repository.isTemplate,
    isEmpty: (_: unknown, context: QueryContext) => repository.isEmpty || context.disturbance.isEmptied(id),
    isPrivate: false,
    isDisabled: false,
    isLocked: false,
    isInOrganization: repository.owner.type === "organization",
    hasIssuesEnabled: true,
    visibility: "PUBLIC",
    createdAt: isoTime(repository.createdAt),
    pushedAt: isoTime(repository.pushedAt),
    updatedAt: isoTime(repository.pushedAt),
    mirrorUrl: repository.isMirror ? `https://mirror.example/${repository.name}` : null,
    primaryLanguage: () => (repository.language === null ? null : languageView(repository.language)),
    languages: (page: PageArguments) =>
      listConnection(
        repository.language === null ? [] : [languageView(repository.language)],
        page,
        "LanguageConnection",
      ),
    licenseInfo: () =>
      repository.license === null
        ? null
        : {
            __typename: "License",
            id: encodeNodeId("license", numberOf(repository.license)),
            key: repository.license.toLowerCase(),
            name: repository.license,
            spdxId: repository.license,
            url: null,
          },
    repositoryTopics: (page: PageArguments) =>
      listConnection(
        repository.topics.map((name) => topicView(index, name)),
        page,
        "RepositoryTopicConnection",
      ),
    owner: () =>
      repository.owner.type === "organization"
        ? organizationView(world, repository.owner.index)
        : accountView(world, repository.owner.index),
    defaultBranchRef: (_: unknown, context: QueryContext) =>
      repository.isEmpty || context.disturbance.isEmptied(id) ? null : branchView(world, index),
    pullRequests: (page: PageArguments & PullRequestArguments) => pullRequestConnection(world, index, page),
    releases: (page: PageArguments) =>
      listConnection(
        releases().map((release) => releaseView(world, release)),
        page,
        "ReleaseConnection",
      ),
    latestRelease: () => {
      const [latest] = releases();
      return latest === undefined ? null : releaseView(world, latest);
    },
    watchers: (page: PageArguments) =>
      createConnection(countOnly("Repository.watchers", repository.watchers), page, "UserConnection"),
    forks: (page: PageArguments) =>
      createConnection(countOnly("Repository.forks", repository.forks), page, "RepositoryConnection"),
    issues: (page: PageArguments) =>
      createConnection(countOnly("Repository.issues", repository.forks % 97), page, "IssueConnection"),
    stargazers: () => {
      // Closed in July 2026 for everybody but a repository's own people; the schema still lists it.
      throw problemError(
        "FORBIDDEN",
        "Resource not accessible: stargazers are visible to the repository's collaborators only.",
      );
    },
    mentionableUsers: (page: PageArguments) =>
      listConnection(
        world.contributors(index).map((person) => accountView(world, person)),
        page,
        "UserConnection",
      ),
  };
}

/** A commit, as GraphQL shows it. */
export function commitView(world: World, commit: SimulatedCommit): View {
  const oid = oidOf(world.seed, commit.repository, commit.position);
  return {
    __typename: "Commit",
    id: encodeNodeId("commit", commit.repository, commit.position),
    oid,
    abbreviatedOid: oid.slice(0, 7),
    url: () => `${SITE_URL}/${world.repository(commit.repository).nameWithOwner}/commit/${oid}`,
    committedDate: isoTime(commit.committedAt),
    authoredDate: isoTime(commit.committedAt),
    message: `Change ${commit.position}`,
    messageHeadline: `Change ${commit.position}`,
    repository: () => repositoryView(world, commit.repository),
    author: () => actorView(world, commit),
    committer: () => actorView(world, commit),
    history: (args: PageArguments & HistoryArguments) =>
      historyConnection(world.history(commit.repository), world, commit, args),
  };
}

interface HistoryArguments {
  since?: string | null;
  until?: string | null;
  author?: { id?: string | null; emails?: readonly string[] | null } | null;
  path?: string | null;
}

function historyConnection(
  history: CommitHistory,
  world: World,
  tip: SimulatedCommit,
  args: PageArguments & HistoryArguments,
) {
  if (args.path) throw problemError("NOT_MODELLED", "The simulator does not model the history of a path.");
  const begin = Math.max(tip.position, args.until ? history.countSince(timeOf(args.until, "until") + 1) : 0);
  const end = args.since ? history.countSince(timeOf(args.since, "since")) : history.total;
  const wanted = args.author?.id;
  if (wanted) {
    const own: SimulatedCommit[] = [];
    for (let position = begin; position < end; position += 1) {
      const commit = history.at(position);
      if (commit?.author != null && encodeNodeId("user", commit.author) === wanted) own.push(commit);
    }
    return listConnection(
      own.map((commit) => commitView(world, commit)),
      args,
      "CommitHistoryConnection",
    );
  }
  return createConnection(
    {
      total: () => Math.max(0, end - begin),
      at: (position) => {
        const commit = begin + position < end ? history.at(begin + position) : null;
        return commit === null ? null : commitView(world, commit);
      },
    },
    args,
    "CommitHistoryConnection",
  );
}

function timeOf(text: string, name: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw problemError("UNPROCESSABLE", `\`${name}\` is not a GitTimestamp: ${text}`);
  return ms;
}

function branchView(world: World, index: number) {
  const name = index % 5 === 0 ? "master" : "main";
  return {
    __typename: "Ref",
    id: encodeNodeId("ref", index),
    name,
    prefix: "refs/heads/",
    repository: () => repositoryView(world, index),
    target: () => {
      const tip = world.history(index).at(0);
      return tip === null ? null : commitView(world, tip);
    },
  };
}

function actorView(world: World, commit: SimulatedCommit) {
  return {
    __typename: "GitActor",
    name: () => world.person(commit.writer).name ?? world.person(commit.writer).login,
    // What people commit with is theirs: nothing that a campaign may use, so it never equals the published address.
    email: `commits-${commit.writer}@git.invalid`,
    date: isoTime(commit.committedAt),
    avatarUrl: `${SITE_URL}/avatars/commit`,
    user: () => (commit.author === null ? null : accountView(world, commit.author)),
  };
}

function languageView(name: string): View {
  return { __typename: "Language", id: encodeNodeId("language", numberOf(name)), name, color: null };
}

function topicView(repository: number, name: string) {
  return {
    __typename: "RepositoryTopic",
    id: encodeNodeId("topic", numberOf(name), repository),
    url: `${SITE_URL}/topics/${name}`,
    resourcePath: `/topics/${name}`,
    topic: { __typename: "Topic", id: encodeNodeId("topic", numberOf(name)), name },
  };
}

/** A stable small number for a name, to make node ids of. */
function numberOf(name: string): number {
  return hashText(name) % 1_000_000;
}
