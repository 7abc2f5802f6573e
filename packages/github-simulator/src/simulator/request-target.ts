/** Where a request goes inside the simulator. */
export interface RequestTarget {
  api: "graphql" | "rest";
  /** The path below the API's base, without `/api/v3`. */
  path: string;
  /** Where the REST API is, without a slash at the end. */
  apiUrl: string;
}

/** GraphQL at `/graphql` and `/api/graphql`; REST at the root and under `/api/v3`, as on GitHub Enterprise Server. */
export function requestTargetOf(url: URL): RequestTarget {
  const { pathname, origin } = url;
  if (pathname === "/graphql" || pathname === "/api/graphql")
    return { api: "graphql", path: pathname, apiUrl: origin };
  if (pathname === "/api/v3" || pathname.startsWith("/api/v3/")) {
    return { api: "rest", path: pathname.slice("/api/v3".length) || "/", apiUrl: `${origin}/api/v3` };
  }
  return { api: "rest", path: pathname, apiUrl: origin };
}
