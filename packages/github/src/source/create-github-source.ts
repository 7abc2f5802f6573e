import { type Clock, CmoError, type Digest, type Random, type Source, type SourceCall } from "@cmo/engine";
import { createAdaptiveSize } from "../batch/adaptive-size.ts";
import { createGitHubClient } from "../client/create-github-client.ts";
import { createGate } from "../client/gate.ts";
import type { RequestLogEntry } from "../client/request-log-entry.ts";
import type { Fetch } from "../http/exchange.ts";
import { probeDocument } from "../query/preflight.ts";
import { createMemoryBoard, type QuotaBoard } from "../quota/quota-board.ts";
import { createEmailNotes, tokenDigest } from "./email-note.ts";
import { type EmailAccess, readPeople } from "./people.ts";
import { checkAccess, recallAccess } from "./preflight.ts";
import type { Asker } from "./question.ts";
import { readRepositoryActivity } from "./repository-activity.ts";
import { searchRepositories } from "./search-repositories.ts";

/** What a GitHub account is made of. */
export interface GitHubAccountOptions {
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
  /** Where all who use the token share its quota and slots. Default: a board of this account alone. */
  board?: QuotaBoard;
  /** `cmo` by default. */
  userAgent?: string;
  /** 15 s by default; GitHub itself gives up after 10 s. */
  requestTimeoutMs?: number;
  /** How often the smallest form of a question is asked, and a limit waited out for one question; 5 by default. */
  maxAttempts?: number;
  /** Told of every HTTP request. */
  log?: (entry: RequestLogEntry) => void;
}

/** What a GitHub source is made of. */
export interface GitHubSourceOptions extends GitHubAccountOptions {
  /** Requests at once; 2 by default. GitHub allows 60 s of work per minute, so more gains nothing. */
  concurrency?: number;
}

/**
 * GitHub by one token. It keeps what it learnt (quota, batch sizes, what the token may read) for its lifetime, and every
 * source of it knows that: one account per token, host and process.
 */
export interface GitHubAccount {
  /**
   * A source for a job, with at most `concurrency` requests at once. All sources of all accounts on a board together
   * have no more than the largest of their numbers.
   */
  source(concurrency: number): Source;
}

/** A single source; see {@link createGitHubAccount}. Throws a `CmoError` `unauthenticated` when the token cannot be one. */
export function createGitHubSource({ concurrency = 2, ...account }: GitHubSourceOptions): Source {
  return createGitHubAccount(account).source(concurrency);
}

/** Asks nothing yet. Throws a `CmoError` `unauthenticated` when the token cannot be one. */
export function createGitHubAccount(options: GitHubAccountOptions): GitHubAccount {
  const { clock, random, digest, maxAttempts = 5, requestTimeoutMs = 15_000 } = options;
  // Checked here, because `fetch` quotes a header that it does not like in its error.
  if (!/^[\x21-\x7e]+$/.test(options.token)) {
    throw new CmoError("unauthenticated", "The GitHub token is empty or has characters that no token has.", {
      hint: "Set GITHUB_TOKEN to the token alone, or use source: simulator.",
    });
  }
  const board = options.board ?? createMemoryBoard(clock);
  const gate = createGate({ clock, board, requestMs: requestTimeoutMs });
  const costs = new Map<string, number>();
  const access: EmailAccess = { withProfile: true };
  const notes = createEmailNotes(options);
  const credentials = tokenDigest(digest, options.token);
  const { host } = new URL(options.apiUrl);
  const sizes = {
    search: createAdaptiveSize(100),
    activity: createAdaptiveSize(10),
    people: createAdaptiveSize(100),
  };

  return {
    source(concurrency) {
      const client = createGitHubClient({
        fetch: options.fetch,
        token: options.token,
        apiUrl: options.apiUrl,
        graphqlUrl: options.graphqlUrl,
        clock,
        gate,
        lane: { cap: concurrency },
        costs,
        userAgent: options.userAgent ?? "cmo",
        requestTimeoutMs,
        maxAttempts,
        log: options.log,
      });
      const asker: Asker = { client, clock, random, maxAttempts };
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
        preflight: (call) => checkAccess({ asker, access, digest, host, credentials, call }),
        recallPreflight: (value) => recallAccess(value, credentials, access),
        searchRepositories: (query, page, call) =>
          searchRepositories(query, page, { asker, size: sizes.search, call }),
        repositoryActivity: (ids, window, call) =>
          readRepositoryActivity(ids, window, {
            asker,
            size: sizes.activity,
            probe: () => probe(call),
            call,
          }),
        people: (ids, call) =>
          readPeople(ids, {
            asker,
            size: sizes.people,
            access,
            notes,
            concurrency,
            probe: () => probe(call),
            call,
          }),
      };
    },
  };
}
