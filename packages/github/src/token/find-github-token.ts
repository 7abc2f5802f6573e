import { CmoError } from "@cmo/engine";
import { isLoopbackHost, resolveGitHubEndpoints } from "../endpoint/resolve-github-endpoints.ts";

/** A token and where it came from. */
export interface FoundGitHubToken {
  token: string;
  from: "GITHUB_TOKEN" | "gh";
}

/**
 * The operator's token: `GITHUB_TOKEN`, else what `gh auth token` knows for the host that requests go to.
 * `runGh` is asked for that host and answers null when it has none; it is never asked on behalf of a stand-in on the
 * loopback, so that a real token is not handed to it by accident.
 *
 * Throws a `CmoError` `unauthenticated` that names the variable when there is none.
 */
export async function findGitHubToken(options: {
  env: { GITHUB_TOKEN?: string | undefined; GITHUB_API_URL?: string | undefined };
  runGh: (hostname: string) => Promise<string | null>;
}): Promise<FoundGitHubToken> {
  const token = options.env.GITHUB_TOKEN?.trim();
  if (token) return { token, from: "GITHUB_TOKEN" };
  const hostname = new URL(resolveGitHubEndpoints({ GITHUB_API_URL: options.env.GITHUB_API_URL }).apiUrl)
    .hostname;
  const fromGh = isLoopbackHost(hostname) ? null : (await options.runGh(hostNameOfGh(hostname)))?.trim();
  if (fromGh) return { token: fromGh, from: "gh" };
  throw new CmoError("unauthenticated", "No GitHub token: GITHUB_TOKEN is not set.", {
    hint: "Set GITHUB_TOKEN, or use source: simulator.",
  });
}

/** `gh` knows hosts by the name of their web site: github.com for api.github.com. */
function hostNameOfGh(apiHostname: string): string {
  const isHosted = apiHostname === "api.github.com" || apiHostname.endsWith(".ghe.com");
  return isHosted ? apiHostname.replace(/^api\./, "") : apiHostname;
}
