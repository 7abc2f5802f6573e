import { CmoError } from "@cmo/engine";

/** Where requests go. Both are absolute URLs without a slash at the end. */
export interface GitHubEndpoints {
  apiUrl: string;
  graphqlUrl: string;
}

/**
 * The addresses of GitHub's two APIs, from the environment and from nowhere else: where requests (and with them the
 * token) go is the operator's word, never a config's. GraphQL is at `GITHUB_GRAPHQL_URL`, else at `/api/graphql` for
 * a base that ends in `/api/v3` (GitHub Enterprise Server), else at `<base>/graphql`.
 *
 * Throws a `CmoError` `config_invalid` that names the variable when an address is neither https nor http on the
 * loopback, or carries credentials, a query or a fragment. The message never repeats the value.
 */
export function resolveGitHubEndpoints(env: {
  GITHUB_API_URL?: string | undefined;
  GITHUB_GRAPHQL_URL?: string | undefined;
}): GitHubEndpoints {
  const apiUrl = parseEndpoint("GITHUB_API_URL", env.GITHUB_API_URL?.trim() || defaultApiUrl);
  const graphqlUrl = env.GITHUB_GRAPHQL_URL?.trim();
  return {
    apiUrl,
    graphqlUrl: graphqlUrl ? parseEndpoint("GITHUB_GRAPHQL_URL", graphqlUrl) : deriveGraphqlUrl(apiUrl),
  };
}

/** Whether a host name means this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

const defaultApiUrl = "https://api.github.com";

function deriveGraphqlUrl(apiUrl: string): string {
  return apiUrl.endsWith("/api/v3") ? `${apiUrl.slice(0, -"/v3".length)}/graphql` : `${apiUrl}/graphql`;
}

function parseEndpoint(variable: string, value: string): string {
  if (!URL.canParse(value)) throw invalid(variable, "is not a URL");
  const url = new URL(value);
  if (url.username !== "" || url.password !== "") throw invalid(variable, "carries credentials");
  if (url.search !== "" || url.hash !== "") throw invalid(variable, "carries a query or a fragment");
  if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) {
    throw invalid(variable, "would send the token unencrypted");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") throw invalid(variable, "is not an https URL");
  return url.href.replace(/\/+$/, "");
}

function invalid(variable: string, what: string): CmoError {
  return new CmoError("config_invalid", `${variable} ${what}.`, {
    hint: `Set ${variable} to an https URL such as ${defaultApiUrl} or https://github.example.com/api/v3 (plain http only on 127.0.0.1), or unset it.`,
  });
}
