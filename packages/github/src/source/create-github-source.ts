import { type Clock, CmoError, type Digest, type Random, type Source, type SourceCall } from "@cmo/engine";
import { createAdaptiveSize } from "../batch/adaptive-size.ts";
import { createGitHubClient } from "../client/create-github-client.ts";
import type { RequestLogEntry } from "../client/request-log-entry.ts";
import type { Fetch } from "../http/exchange.ts";
import { createLimiter } from "../http/limiter.ts";
import { probeDocument } from "../query/preflight.ts";
import { createQuota } from "../quota/quota.ts";
import { type EmailAccess, readPeople } from "./people.ts";
import { checkAccess } from "./preflight.ts";
import type { Asker } from "./question.ts";
import { readRepositoryActivity } from "./repository-activity.ts";
import { searchRepositories } from "./search-repositories.ts";

/** What a GitHub source is made of. */
export interface GitHubSourceOptions {
  fetch: Fetch;
  /** Sent to the origins of `apiUrl` and `graphqlUrl` and to no other. */
  token: string;
  /** From `resolveGitHubEndpoints`. */
  apiUrl: string;
  /** From `resolveGitHubEndpoints`. */
  graphqlUrl: string;
  clock: Clock;
  random: Random;
  digest: Digest;
  /** Requests at once; 2 by default. GitHub allows 60 s of work per minute, so more gains nothing. */
  concurrency?: number;
  /** `cmo` by default. */
  userAgent?: string;
  /** 15 s by default; GitHub itself gives up after 10 s. */
  requestTimeoutMs?: number;
  /** How often the smallest form of a question is asked, and a limit waited out for one question; 5 by default. */
  maxAttempts?: number;
  /** Told of every HTTP request. */
  log?: (entry: RequestLogEntry) => void;
}

/**
 * GitHub as a source. It keeps what it learnt (quota, batch sizes, what the token may read) for its lifetime: one
 * source per token and process. Throws a `CmoError` `unauthenticated` when the token cannot be one.
 */
export function createGitHubSource(options: GitHubSourceOptions): Source {
  const { clock, random, digest, concurrency = 2, maxAttempts = 5 } = options;
  // Checked here, because `fetch` quotes a header that it does not like in its error.
  if (!/^[\x21-\x7e]+$/.test(options.token)) {
    throw new CmoError("unauthenticated", "The GitHub token is empty or has characters that no token has.", {
      hint: "Set GITHUB_TOKEN to the token alone, or use source: simulator.",
    });
  }
  const client = createGitHubClient({
    fetch: options.fetch,
    token: options.token,
    apiUrl: options.apiUrl,
    graphqlUrl: options.graphqlUrl,
    clock,
    limiter: createLimiter(concurrency),
    quota: createQuota(() => clock.now()),
    userAgent: options.userAgent ?? "cmo",
    requestTimeoutMs: options.requestTimeoutMs ?? 15_000,
    maxAttempts,
    log: options.log,
  });
  const asker: Asker = { client, clock, random, maxAttempts };
  const access: EmailAccess = { withProfile: true };
  const sizes = {
    search: createAdaptiveSize(100),
    activity: createAdaptiveSize(10),
    people: createAdaptiveSize(100),
  };
  const probe = async (call: SourceCall) => {
    const question = { tool: "github.preflight", document: probeDocument, variables: {} };
    const { verdict } = await client.graphql(question, call);
    return verdict.kind !== "failed";
  };

  return {
    id: "github",
    concurrency,
    searchWindow: 1_000,
    batchSize: (kind) => sizes[kind].current(),
    preflight: (call) => checkAccess({ asker, access, digest, host: new URL(options.apiUrl).host, call }),
    searchRepositories: (query, page, call) =>
      searchRepositories(query, page, { asker, size: sizes.search, call }),
    repositoryActivity: (ids, window, call) =>
      readRepositoryActivity(ids, window, { asker, size: sizes.activity, probe: () => probe(call), call }),
    people: (ids, call) =>
      readPeople(ids, { asker, size: sizes.people, access, concurrency, probe: () => probe(call), call }),
  };
}
