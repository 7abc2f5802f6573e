import type { Fetch, FetchInit } from "../src/index.ts";

/** A request as it arrived. */
export interface ArrivedRequest {
  url: string;
  init: FetchInit;
  /** The variables of a GraphQL query. */
  variables: Record<string, unknown>;
  document: string;
  /** When, by the clock. */
  atMs: number;
}

/** What is answered; `hang` never answers, an error breaks the connection. */
export type ScriptedAnswer = Response | "hang" | Error;

/** A GitHub that does what a test says, and remembers what it was asked. */
export function createScriptedFetch(
  now: () => number,
  answer: (request: ArrivedRequest, ordinal: number) => ScriptedAnswer | Promise<ScriptedAnswer>,
) {
  const requests: ArrivedRequest[] = [];
  let inFlight = 0;
  let peak = 0;
  const fetch: Fetch = async (url, init) => {
    const body = init.body === undefined ? {} : JSON.parse(init.body);
    const request = { url, init, variables: body.variables ?? {}, document: body.query ?? "", atMs: now() };
    requests.push(request);
    inFlight += 1;
    peak = Math.max(peak, inFlight);
    try {
      const answered = await answer(request, requests.length);
      if (answered instanceof Error) throw answered;
      if (answered !== "hang") return answered;
      return await new Promise<Response>((_, reject) => {
        init.signal.addEventListener("abort", () => reject(init.signal.reason));
      });
    } finally {
      inFlight -= 1;
    }
  };
  return { fetch, requests, inFlight: () => inFlight, peak: () => peak };
}

/** Headers of an answer that leaves this much of the quota. */
export function quotaHeaders(
  remaining: number,
  resetAtMs: number,
  resource = "graphql",
): Record<string, string> {
  return {
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": String(Math.floor(resetAtMs / 1000)),
    "x-ratelimit-resource": resource,
    "x-github-request-id": "ABCD:1234:5678",
  };
}

/** A JSON answer. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** A person as the GraphQL API describes them. */
export function person(id: string, more: Record<string, unknown> = {}) {
  const number = Number(id.replace(/\D/g, "")) || 1;
  return {
    __typename: "User",
    id,
    databaseId: number,
    login: `imaginary-${number}`,
    name: "Ima Ginary",
    email: `ima${number}@people.example`,
    company: "",
    location: null,
    bio: "  ",
    status: null,
    websiteUrl: null,
    twitterUsername: null,
    isHireable: false,
    followers: { totalCount: number },
    url: `https://github.example/imaginary-${number}`,
    createdAt: "2015-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
    ...more,
  };
}

/** Answers a query for people with a person for each id. */
export function answerPeople(request: ArrivedRequest, headers: Record<string, string> = {}): Response {
  return json({ data: { rateLimit: null, nodes: peopleNodes(request) } }, 200, headers);
}

/** A person for each id that a query names. */
export function peopleNodes(request: ArrivedRequest): Record<string, unknown>[] {
  const ids = request.variables.ids as string[];
  const withEmail = / email /.test(request.document);
  return ids.map((id) => (withEmail ? person(id) : { ...person(id), email: undefined }));
}

/** What GitHub's front end sends when a query took longer than ten seconds. */
export function badGateway(): Response {
  return new Response("<html><h1>502 Bad Gateway</h1><hr>nginx</html>", { status: 502 });
}
