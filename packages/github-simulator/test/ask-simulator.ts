import type { GitHubSimulator } from "../src/index.ts";
import { encodeNodeId } from "../src/world/node-id.ts";

/** An answer that was read. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: unknown;
}

export const API = "https://api.github.test";

/** Sends a GraphQL query with a token. */
export async function askGraphql(
  simulator: Pick<GitHubSimulator, "fetch">,
  query: string,
  variables: Record<string, unknown> = {},
  init: { token?: string; signal?: AbortSignal; url?: string } = {},
): Promise<Answer> {
  const response = await simulator.fetch(init.url ?? `${API}/graphql`, {
    method: "POST",
    headers: { authorization: `bearer ${init.token ?? "token-one"}`, "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
    redirect: "manual",
    ...(init.signal ? { signal: init.signal } : {}),
  });
  return readAnswer(response);
}

/** Sends a REST request with a token, unless it is null. */
export async function askRest(
  simulator: Pick<GitHubSimulator, "fetch">,
  path: string,
  headers: Record<string, string> = {},
  token: string | null = "token-one",
): Promise<Answer> {
  const authorization = token === null ? {} : { authorization: `token ${token}` };
  return readAnswer(await simulator.fetch(`${API}${path}`, { headers: { ...authorization, ...headers } }));
}

/** What stands at a path in JSON; undefined when nothing does. */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const key of path.split(".")) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

/** The list at a path. */
export function listAt(value: unknown, path: string): unknown[] {
  const found = at(value, path);
  if (!Array.isArray(found)) throw new Error(`No list at ${path} in ${JSON.stringify(value)?.slice(0, 300)}`);
  return found;
}

/** Node ids of the first so many repositories. */
export function repositoryIds(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => encodeNodeId("repository", from + index));
}

/** Node ids of the first so many people. */
export function personIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => encodeNodeId("user", index));
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
}
