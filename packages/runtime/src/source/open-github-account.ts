import { CmoError, type Digest, type Source, type Store } from "@cmo/engine";
import {
  createGitHubAccount,
  findGitHubToken,
  type GitHubAccount,
  type RequestLogEntry,
  resolveGitHubEndpoints,
} from "@cmo/github";
import type { Host } from "../host/host.ts";
import { createStoreQuotaBoard } from "./store-quota-board.ts";

/** What the GitHub account is made of. */
export interface OpenGitHubAccountOptions {
  host: Host;
  digest: Digest;
  /** Where processes share the quota, if it outlives this one. */
  store: Store;
  /** Told of the token once it is found, so that it can be kept out of texts. */
  onToken: (token: string) => void;
  onRequest?: ((entry: RequestLogEntry) => void) | undefined;
}

/**
 * GitHub, at the address that the environment gives and with the operator's token. Asks nothing.
 * @throws CmoError `unauthenticated` without a token, `config_invalid` for an address that cannot be used.
 */
export async function openGitHubAccount(options: OpenGitHubAccountOptions): Promise<GitHubAccount> {
  const { host, digest, store, onToken, onRequest } = options;
  const endpoints = resolveGitHubEndpoints(host.env);
  const { token } = await findGitHubToken({ env: host.env, runGh: (hostname) => host.runGh(hostname) });
  onToken(token);
  return createGitHubAccount({
    ...endpoints,
    token,
    fetch: host.fetch,
    clock: host.clock,
    random: host.random,
    digest,
    // A store in memory is seen by this process alone: then the account's own board does the same for nothing.
    ...(store.durable
      ? { board: createStoreQuotaBoard(store, { apiUrl: endpoints.apiUrl, token, digest }) }
      : {}),
    ...(onRequest === undefined ? {} : { log: onRequest }),
  });
}

/**
 * GitHub for a job that may ask nothing, as a fork: with all that it was told before it needs no token, and a question
 * that it asks all the same is answered by what is wrong with the token.
 */
export async function openUnaskedGitHub(
  { host, digest }: Pick<OpenGitHubAccountOptions, "host" | "digest">,
  open: () => Promise<Source>,
): Promise<Source> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof CmoError && error.code === "unauthenticated")) throw error;
    return createGitHubAccount({
      ...resolveGitHubEndpoints(host.env),
      token: "none",
      fetch: () => Promise.reject(error),
      clock: host.clock,
      random: host.random,
      digest,
    }).source(1);
  }
}
