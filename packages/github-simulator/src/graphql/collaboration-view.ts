import { encodeNodeId } from "../world/node-id.ts";
import {
  mergedPullRequestCount,
  mergedPullRequests,
  type SimulatedPullRequest,
  type SimulatedRelease,
} from "../world/pull-request.ts";
import type { World } from "../world/world.ts";
import { accountView, isoTime } from "./account-view.ts";
import { createConnection, type PageArguments } from "./connection.ts";
import type { View } from "./view.ts";

/** How pull requests are asked for. */
export interface PullRequestArguments {
  states?: readonly string[] | null;
  orderBy?: { field: string; direction: string } | null;
}

/** Merged pull requests of a repository; open and closed ones are not modelled. */
export function pullRequestConnection(
  world: World,
  index: number,
  args: PageArguments & PullRequestArguments,
) {
  const states = args.states ?? ["MERGED"];
  const input = world.collaboration(index);
  const total =
    states.includes("MERGED") && !world.repository(index).isEmpty ? mergedPullRequestCount(input) : 0;
  const ascending = args.orderBy?.direction === "ASC";
  let list: readonly SimulatedPullRequest[] | undefined;
  return createConnection(
    {
      total: () => total,
      at: (position) => {
        list ??= mergedPullRequests(input, total);
        const request = list[ascending ? total - 1 - position : position];
        return request === undefined ? null : pullRequestView(world, request);
      },
    },
    args,
    "PullRequestConnection",
  );
}

function pullRequestView(world: World, request: SimulatedPullRequest) {
  return {
    __typename: "PullRequest",
    id: encodeNodeId("pullRequest", request.repository, request.number),
    number: request.number,
    title: `Pull request ${request.number}`,
    state: "MERGED",
    merged: true,
    closed: true,
    isDraft: false,
    createdAt: isoTime(request.mergedAt - 3_600_000),
    updatedAt: isoTime(request.mergedAt),
    mergedAt: isoTime(request.mergedAt),
    authorAssociation: request.association,
    author: () => accountView(world, request.author),
    mergedBy: () => accountView(world, request.mergedBy),
  };
}

/** A release, as GraphQL shows it. */
export function releaseView(world: World, release: SimulatedRelease): View {
  return {
    __typename: "Release",
    id: encodeNodeId("release", release.repository, release.number),
    name: `Release ${release.number}`,
    tagName: `v0.${release.number}.0`,
    isDraft: false,
    isPrerelease: false,
    createdAt: isoTime(release.publishedAt),
    publishedAt: isoTime(release.publishedAt),
    author: () => accountView(world, release.author),
  };
}
