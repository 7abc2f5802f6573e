import { accountNodeId } from "../graphql/account-view.ts";
import type { RateLimitResource, RateLimitState } from "../limit/rate-limit-bucket.ts";
import type { SearchIndex } from "../search/search-index.ts";
import { SEARCH_WINDOW } from "../search/search-index.ts";
import { jsonAnswer, messageAnswer, type SimulatedAnswer } from "../simulator/answer.ts";
import { createBoundedCache } from "../world/bounded-cache.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { contributorCounts, restCommit, restRepository } from "./rest-repository.ts";
import { publicUser, simpleUser } from "./rest-user.ts";

/** Who asks. */
interface RestCaller {
  anonymous: boolean;
  viewer: number;
  /** Where the API is, without a slash at the end: for links. */
  apiUrl: string;
  /** Whether an account is gone in this request. */
  isVanished(id: string): boolean;
  /** Whether a repository is empty in this request. */
  isEmptied(repository: Repository): boolean;
  buckets(): Record<RateLimitResource, RateLimitState>;
}

/** The few REST endpoints that a campaign, or a naive plan for one, would use. */
export interface RestEndpoint {
  handle(method: string, path: string, query: URLSearchParams, caller: RestCaller): SimulatedAnswer;
}

/** Which bucket a path is charged to; null for those that are free. */
export function restResourceOf(path: string): RateLimitResource | null {
  if (path === "/rate_limit") return null;
  return path.startsWith("/search/") ? "search" : "core";
}

export function createRestEndpoint(
  world: World,
  search: SearchIndex,
  renamedUsers: Readonly<Record<string, string>>,
): RestEndpoint {
  const contributors = createBoundedCache<number, ReturnType<typeof contributorCounts>>(500);

  return {
    handle(method, path, query, caller) {
      if (method !== "GET" && method !== "HEAD") return messageAnswer(404, "Not Found");
      const parts = decodedParts(path);
      if (parts === null) return messageAnswer(400, "Bad Request");
      const [area, first, second, third] = parts;
      if (path === "/" || path === "") return jsonAnswer(200, { current_user_url: `${caller.apiUrl}/user` });
      if (path === "/meta")
        return jsonAnswer(200, { verifiable_password_authentication: false, installed_version: "simulated" });
      if (path === "/rate_limit") return rateLimit(caller);
      if (path === "/user") {
        if (caller.anonymous) return messageAnswer(401, "Requires authentication");
        return jsonAnswer(200, publicUser(world.person(caller.viewer), caller.apiUrl, true));
      }
      if (area === "users" && first !== undefined && parts.length === 2) return user(first, caller);
      if (area === "user" && first !== undefined && parts.length === 2)
        return userById(Number(first), caller);
      if (path === "/search/repositories") return searchRepositories(query, caller);
      if (area === "repos" && first !== undefined && second !== undefined) {
        const repository = world.repositoryByName(first, second);
        if (repository === null) return messageAnswer(404, "Not Found");
        if (parts.length === 3) return jsonAnswer(200, restRepository(world, repository, caller.apiUrl));
        const isEmpty = repository.isEmpty || caller.isEmptied(repository);
        if (third === "contributors" && parts.length === 4)
          return listContributors(repository, isEmpty, path, query, caller);
        if (third === "commits" && parts.length === 4)
          return listCommits(repository, isEmpty, path, query, caller);
      }
      return messageAnswer(404, "Not Found");
    },
  };

  function user(login: string, caller: RestCaller): SimulatedAnswer {
    const renamed = Object.entries(renamedUsers).find(
      ([old]) => old.toLowerCase() === login.toLowerCase(),
    )?.[1];
    const person = world.personByLogin(renamed ?? login);
    if (person === null || caller.isVanished(accountNodeId(person))) return messageAnswer(404, "Not Found");
    if (renamed !== undefined) {
      const location = `${caller.apiUrl}/user/${person.databaseId}`;
      return jsonAnswer(301, { message: "Moved Permanently", url: location }, { location });
    }
    return jsonAnswer(200, publicUser(person, caller.apiUrl, !caller.anonymous));
  }

  function userById(databaseId: number, caller: RestCaller): SimulatedAnswer {
    const index = (databaseId - 1_000_000) / 7;
    if (!Number.isSafeInteger(index) || index < 0 || index >= world.people)
      return messageAnswer(404, "Not Found");
    return jsonAnswer(200, publicUser(world.person(index), caller.apiUrl, !caller.anonymous));
  }

  function rateLimit(caller: RestCaller): SimulatedAnswer {
    const resources = Object.fromEntries(
      Object.entries(caller.buckets()).map(([name, state]) => [
        name,
        {
          limit: state.limit,
          used: state.used,
          remaining: state.remaining,
          reset: Math.round(state.resetAtMs / 1000),
          resource: name,
        },
      ]),
    );
    return jsonAnswer(200, { resources, rate: resources.core });
  }

  function searchRepositories(query: URLSearchParams, caller: RestCaller): SimulatedAnswer {
    const text = query.get("q") ?? "";
    if (text.trim() === "") return messageAnswer(422, "Validation Failed");
    const { page, perPage } = pagingOf(query, 30);
    const sort = query.get("sort");
    const sorted = sort === null ? text : `${text} sort:${sort}-${query.get("order") ?? "desc"}`;
    const offset = (page - 1) * perPage;
    if (offset >= SEARCH_WINDOW)
      return messageAnswer(422, "Only the first 1000 search results are available");
    const answer = search.search(sorted, offset, perPage);
    if (!answer.ok) return messageAnswer(422, `Validation Failed: ${answer.message}`);
    const items = answer.page.items.map((index) =>
      restRepository(world, world.repository(index), caller.apiUrl),
    );
    const last = Math.ceil(Math.min(answer.page.count, SEARCH_WINDOW) / perPage);
    return jsonAnswer(
      200,
      { total_count: answer.page.count, incomplete_results: false, items },
      linkHeader("/search/repositories", query, page, last, caller),
    );
  }

  function listContributors(
    repository: Repository,
    isEmpty: boolean,
    path: string,
    query: URLSearchParams,
    caller: RestCaller,
  ) {
    if (isEmpty) return { status: 204, headers: {}, body: null };
    if (repository.stars > 60_000) {
      return messageAnswer(
        403,
        "The history or contributor list is too large to list contributors for this repository via the API.",
      );
    }
    const all = contributors.get(repository.index, () => contributorCounts(world, repository.index));
    const { page, perPage } = pagingOf(query, 30);
    const items = all.slice((page - 1) * perPage, page * perPage).map(({ account, contributions }) => ({
      ...simpleUser(world.person(account), caller.apiUrl),
      contributions,
    }));
    return jsonAnswer(200, items, linkHeader(path, query, page, Math.ceil(all.length / perPage), caller));
  }

  function listCommits(
    repository: Repository,
    isEmpty: boolean,
    path: string,
    query: URLSearchParams,
    caller: RestCaller,
  ) {
    if (isEmpty) return messageAnswer(409, "Git Repository is empty.");
    const history = world.history(repository.index);
    const since = query.get("since");
    const sinceMs = since === null ? null : Date.parse(since);
    if (Number.isNaN(sinceMs)) return messageAnswer(422, "Validation Failed: since is not a time.");
    const end = sinceMs === null ? history.total : history.countSince(sinceMs);
    const login = query.get("author");
    const author = login === null ? null : (world.personByLogin(login)?.index ?? -1);
    const { page, perPage } = pagingOf(query, 30);
    const commits = [];
    let total = 0;
    for (let position = 0; position < end; position += 1) {
      const commit = history.at(position);
      if (commit === null || (author !== null && commit.author !== author)) continue;
      if (total >= (page - 1) * perPage && total < page * perPage)
        commits.push(restCommit(world, commit, caller.apiUrl));
      total += 1;
    }
    return jsonAnswer(200, commits, linkHeader(path, query, page, Math.ceil(total / perPage), caller));
  }
}

function decodedParts(path: string): string[] | null {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return null;
  }
}

function pagingOf(query: URLSearchParams, standard: number): { page: number; perPage: number } {
  const page = Math.max(1, Math.floor(Number(query.get("page") ?? 1)) || 1);
  const perPage = Math.min(
    100,
    Math.max(1, Math.floor(Number(query.get("per_page") ?? standard)) || standard),
  );
  return { page, perPage };
}

function linkHeader(
  path: string,
  query: URLSearchParams,
  page: number,
  last: number,
  caller: RestCaller,
): Record<string, string> {
  const link = (target: number, relation: string) => {
    const parameters = new URLSearchParams(query);
    parameters.set("page", String(target));
    return `<${caller.apiUrl}${path}?${parameters}>; rel="${relation}"`;
  };
  const links: string[] = [];
  if (page > 1) links.push(link(page - 1, "prev"), link(1, "first"));
  if (page < last) links.unshift(link(page + 1, "next"), link(last, "last"));
  return links.length === 0 ? {} : { link: links.join(", ") };
}
