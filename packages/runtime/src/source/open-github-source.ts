import type { Digest, Source } from "@cmo/engine";
import {
  createGitHubSource,
  findGitHubToken,
  type RequestLogEntry,
  resolveGitHubEndpoints,
} from "@cmo/github";
import type { Host } from "../host/host.ts";

/** What the GitHub source is made of. */
export interface OpenGitHubSourceOptions {
  host: Host;
  digest: Digest;
  concurrency: number;
  /** Told of the token once it is found, so that it can be kept out of texts. */
  onToken: (token: string) => void;
  onRequest?: ((entry: RequestLogEntry) => void) | undefined;
}

/**
 * GitHub, at the address that the environment gives and with the operator's token. Asks nothing.
 * @throws CmoError `unauthenticated` without a token, `config_invalid` for an address that cannot be used.
 */
export async function openGitHubSource(options: OpenGitHubSourceOptions): Promise<Source> {
  const { host, digest, concurrency, onToken, onRequest } = options;
  const endpoints = resolveGitHubEndpoints(host.env);
  const { token } = await findGitHubToken({ env: host.env, runGh: (hostname) => host.runGh(hostname) });
  onToken(token);
  return createGitHubSource({
    ...endpoints,
    token,
    fetch: host.fetch,
    clock: host.clock,
    random: host.random,
    digest,
    concurrency,
    ...(onRequest === undefined ? {} : { log: onRequest }),
  });
}
