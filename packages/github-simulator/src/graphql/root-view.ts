import { GraphQLError } from "graphql";
import { SEARCH_WINDOW } from "../search/search-index.ts";
import { decodeNodeId } from "../world/node-id.ts";
import type { World } from "../world/world.ts";
import { accountNodeId, accountView, organizationView } from "./account-view.ts";
import { decodeCursor, encodeCursor } from "./connection.ts";
import { problemError } from "./graphql-problem.ts";
import type { QueryContext } from "./query-context.ts";
import { commitView, repositoryView } from "./repository-view.ts";

/** The root of every query. */
export function createRootView(world: World): Record<string, unknown> {
  return {
    viewer: (_: unknown, context: QueryContext) => accountView(world, context.viewer),
    rateLimit: (_: unknown, context: QueryContext) => ({ __typename: "RateLimit", ...context.rateLimit }),
    meta: {
      __typename: "GitHubMetadata",
      isPasswordAuthenticationVerifiable: true,
      gitHubServicesSha: "simulated",
    },
    user: ({ login }: { login: string }, context: QueryContext) => {
      const person = world.personByLogin(login);
      if (
        person === null ||
        person.typename === "Bot" ||
        context.disturbance.isVanished(accountNodeId(person))
      ) {
        throw problemError("NOT_FOUND", `Could not resolve to a User with the login of '${login}'.`);
      }
      return accountView(world, person.index);
    },
    organization: ({ login }: { login: string }) => {
      const organization = world.organizationByLogin(login);
      if (organization === null) {
        throw problemError("NOT_FOUND", `Could not resolve to an Organization with the login of '${login}'.`);
      }
      return organizationView(world, organization.index);
    },
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const repository = world.repositoryByName(owner, name);
      if (repository === null) {
        throw problemError(
          "NOT_FOUND",
          `Could not resolve to a Repository with the name '${owner}/${name}'.`,
        );
      }
      return repositoryView(world, repository.index);
    },
    node: ({ id }: { id: string }, context: QueryContext) => {
      const node = nodeView(world, id, context);
      if (node instanceof GraphQLError) throw node;
      return node;
    },
    // An error as an item ends up at the item's own path, so that the other ids keep their answers.
    nodes: ({ ids }: { ids: readonly string[] }, context: QueryContext) =>
      ids.map((id) => nodeView(world, id, context)),
    search: (args: SearchArguments, context: QueryContext) => searchView(world, args, context),
  };
}

interface SearchArguments {
  query: string;
  type: string;
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

function searchView(world: World, args: SearchArguments, context: QueryContext) {
  if (args.type !== "REPOSITORY")
    throw problemError("NOT_MODELLED", "The simulator searches repositories only.");
  if (args.before || args.last != null)
    throw problemError("NOT_MODELLED", "The simulator pages searches forwards only.");
  const offset = args.after ? decodeCursor(args.after) + 1 : 0;
  const answer = context.search.search(args.query, Math.min(offset, SEARCH_WINDOW), args.first ?? 0);
  if (!answer.ok) throw problemError("UNPROCESSABLE", answer.message);
  const { page } = answer;
  return {
    __typename: "SearchResultItemConnection",
    repositoryCount: page.count,
    codeCount: 0,
    discussionCount: 0,
    issueCount: 0,
    userCount: 0,
    wikiCount: 0,
    pageInfo: {
      startCursor: page.items.length === 0 ? null : encodeCursor(page.start),
      endCursor: page.items.length === 0 ? null : encodeCursor(page.end - 1),
      hasPreviousPage: page.start > 0,
      hasNextPage: page.hasNextPage,
    },
    nodes: () => page.items.map((index) => repositoryView(world, index)),
    edges: () =>
      page.items.map((index, position) => ({
        cursor: encodeCursor(page.start + position),
        node: repositoryView(world, index),
        textMatches: null,
      })),
  };
}

function nodeView(world: World, id: string, context: QueryContext) {
  const reference = decodeNodeId(id);
  const missing = problemError("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'.`);
  if (reference === null || context.disturbance.isVanished(id)) return missing;
  const { kind, index, part } = reference;
  switch (kind) {
    case "repository":
      return index < world.repositories ? repositoryView(world, index) : missing;
    case "user":
    case "bot":
      if (index >= world.accounts || accountNodeId(world.person(index)) !== id) return missing;
      return accountView(world, index);
    case "organization":
      return index < world.organizations ? organizationView(world, index) : missing;
    case "commit": {
      const commit = index < world.repositories ? world.history(index).at(part) : null;
      return commit === null ? missing : commitView(world, commit);
    }
    case "ref":
    case "topic":
    case "language":
    case "license":
    case "pullRequest":
    case "release":
      return problemError("NOT_MODELLED", `The simulator does not resolve a ${kind} by its id.`);
    default:
      throw kind satisfies never;
  }
}
