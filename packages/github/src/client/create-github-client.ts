import { type Clock, CmoError, type OpenTool, type SourceCall, type ToolOutcome } from "@cmo/engine";
import { type Exchange, exchange, type Fetch, type FetchInit } from "../http/exchange.ts";
import { followRedirect } from "../http/follow-redirect.ts";
import { readClockOffsetMs, readQuota, readRequestId } from "../http/header.ts";
import { judgeAnswer, type Verdict } from "../http/judge-answer.ts";
import type { QuotaNews, QuotaReport } from "../quota/quota-policy.ts";
import type { QuotaReading, QuotaResource } from "../quota/quota-state.ts";
import { redact } from "../redaction/redact.ts";
import type { Gate, Lane } from "./gate.ts";
import type { RequestLogEntry } from "./request-log-entry.ts";
import { errorCode, readSpent, type Spent } from "./verdict-report.ts";

/** A question to the GraphQL API. */
export interface GraphqlQuestion {
  /** The name of the tool in the events. */
  tool: string;
  document: string;
  variables: Record<string, unknown>;
}

/** What a question came to, after waiting for the quota and following redirects. */
export interface Answer<V extends Verdict> {
  verdict: V;
  headers: Headers;
  durationMs: number;
  /** For messages: `(200, request …)` without the parentheses. */
  where: string;
}

/** An answer of the GraphQL API. */
export type GraphqlAnswer = Answer<Extract<Verdict, { kind: "data" | "failed" }>>;
/** An answer of the REST API. */
export type RestAnswer = Answer<Extract<Verdict, { kind: "body" | "unchanged" | "absent" | "failed" }>>;

/**
 * Asks one question at a time, whatever may be in its way: waits for a slot and for the quota, visibly; waits out
 * limits and asks again; follows redirects within the origin. What fails and may pass is handed back as `failed`, since
 * only the asker can make the question smaller. Anything else throws a `CmoError`.
 */
export interface GitHubClient {
  graphql(question: GraphqlQuestion, call: SourceCall): Promise<GraphqlAnswer>;
  /** `path` begins with a slash and is encoded. With the `etag` of an earlier answer, this one may be `unchanged`. */
  rest(question: { tool: string; path: string; etag: string | null }, call: SourceCall): Promise<RestAnswer>;
}

/** What a {@link GitHubClient} is made of. */
export interface GitHubClientOptions {
  fetch: Fetch;
  token: string;
  apiUrl: string;
  graphqlUrl: string;
  clock: Clock;
  gate: Gate;
  /** Whose requests these are. */
  lane: Lane;
  /** What each tool cost last, in points; shared by the clients of a token. */
  costs: Map<string, number>;
  userAgent: string;
  requestTimeoutMs: number;
  /** How often a limit is waited out for one question. */
  maxAttempts: number;
  log?: ((entry: RequestLogEntry) => void) | undefined;
}

/** A client bound to one token and its two addresses. */
export function createGitHubClient(options: GitHubClientOptions): GitHubClient {
  const { clock, gate, lane, costs } = options;
  const headers = {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${options.token}`,
    "user-agent": options.userAgent,
    "x-github-api-version": "2022-11-28",
  };
  const quote = (text: string) => redact(text, [options.token]).replace(/\s+/g, " ").trim().slice(0, 200);

  /** One HTTP request: from the slot to the closed tool. */
  async function attempt(request: Request, url: URL, call: SourceCall): Promise<Attempt> {
    const expectedCost = costs.get(request.tool) ?? 1;
    const pass = await gate.enter(request.resource, expectedCost, lane, call);
    let report: Parameters<typeof pass.leave>[0] = { ended: "failed", retryAfterMs: null, quota: null };
    let tool: OpenTool | null = null;
    let outcome: ToolOutcome = { ok: false, cost: 0, cached: false, error: "cancelled" };
    let attempted: Omit<Attempt, "news"> | null = null;
    let seen: Seen = { status: null, nodeCount: null, requestId: null };
    let news: QuotaNews = { reading: null, waitMs: 0 };
    try {
      tool = call.startTool(request.tool, request.input);
      const answered = await exchange(url.href, request.init, {
        fetch: options.fetch,
        clock,
        timeoutMs: options.requestTimeoutMs,
        signal: call.signal,
        onHead: (status, head) => {
          if (status === 403 || status === 429 || readQuota(head)?.remaining === 0) pass.suspectLimit();
        },
      });
      const nowMs = clock.now();
      const durationMs = nowMs - pass.startedAtMs;
      const isConditional = "if-none-match" in request.init.headers;
      const verdict = judgeAnswer(answered, {
        api: request.api,
        nowMs,
        durationMs,
        isConditional,
        host: url.host,
        quote,
      });
      const spent = readSpent(verdict);
      outcome = {
        ok: errorCode(verdict) === null,
        cost: spent?.cost ?? 0,
        cached: false,
        error: errorCode(verdict),
      };
      if (spent !== null) costs.set(request.tool, Math.max(1, spent.cost));
      report = {
        ended: endOf(verdict, outcome.ok),
        retryAfterMs: verdict.kind === "limited" ? verdict.retryAfterMs : null,
        quota: quotaOf(answered, spent, nowMs),
      };
      const requestId = answered.kind === "answer" ? readRequestId(answered.headers) : null;
      const status = answered.kind === "answer" ? answered.status : null;
      seen = { status, nodeCount: spent?.nodeCount ?? null, requestId };
      attempted = {
        verdict,
        headers: answered.kind === "answer" ? answered.headers : new Headers(),
        durationMs,
        where: [status ?? "no answer", requestId === null ? [] : `request ${requestId}`].flat().join(", "),
      };
    } finally {
      tool?.complete(outcome);
      try {
        // Also of one that is no longer wanted, since it was sent; and before its tool's event is stored.
        if (tool !== null)
          note(request, url, call, { ...seen, ...outcome, tool, startedAt: pass.startedAtMs });
      } finally {
        // What was learnt of the quota and the slot go back together: whoever gets the slot knows of a limit.
        news = await pass.leave(report);
      }
    }
    return { ...attempted, news };
  }

  function note(request: Request, url: URL, call: SourceCall, ended: Ended): void {
    const endedAt = clock.now();
    options.log?.({
      jobId: call.jobId ?? null,
      callId: ended.tool.callId ?? null,
      tool: request.tool,
      method: request.init.method,
      host: url.host,
      status: ended.status,
      endedAt,
      durationMs: endedAt - ended.startedAt,
      cost: ended.cost,
      nodeCount: ended.nodeCount,
      requestId: ended.requestId,
      error: ended.error,
    });
  }

  async function send(request: Request, call: SourceCall): Promise<Attempt> {
    let url = new URL(request.url);
    let redirects = 0;
    let limits = 0;
    for (;;) {
      const attempted = await attempt(request, url, call);
      const { verdict, news } = attempted;
      if (news.reading !== null) call.emit(quotaUpdated(request.resource, news.reading));
      switch (verdict.kind) {
        case "data":
        case "body":
        case "unchanged":
        case "absent":
        case "failed":
          return attempted;
        case "refused":
          throw verdict.error;
        case "redirected":
          redirects += 1;
          url = followRedirect(url, verdict.location, redirects);
          break;
        case "limited":
          limits += 1;
          if (limits >= options.maxAttempts) throw rateLimited(attempted.where, news.waitMs);
          break;
        default:
          verdict satisfies never;
      }
    }
  }

  return {
    async graphql({ tool, document, variables }, call) {
      const body = JSON.stringify({ query: document, variables });
      const init: Request["init"] = {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body,
      };
      const url = options.graphqlUrl;
      const sent = await send(
        { api: "graphql", resource: "graphql", tool, input: variables, url, init },
        call,
      );
      if (sent.verdict.kind === "data" || sent.verdict.kind === "failed")
        return { ...sent, verdict: sent.verdict };
      throw new CmoError("internal", `A GraphQL question ended as ${sent.verdict.kind}.`);
    },
    async rest({ tool, path, etag }, call) {
      const conditional = etag === null ? headers : { ...headers, "if-none-match": etag };
      const init: Request["init"] = { method: "GET", headers: conditional };
      const url = `${options.apiUrl}${path}`;
      const sent = await send({ api: "rest", resource: "core", tool, input: path, url, init }, call);
      const { verdict } = sent;
      const { kind } = verdict;
      if (kind === "body" || kind === "unchanged" || kind === "absent" || kind === "failed")
        return { ...sent, verdict };
      throw new CmoError("internal", `A REST question ended as ${verdict.kind}.`);
    },
  };
}

interface Request {
  api: "graphql" | "rest";
  resource: QuotaResource;
  tool: string;
  /** Stored as its digest only. */
  input: unknown;
  url: string;
  init: Omit<FetchInit, "redirect" | "signal">;
}

/** What an answer's head and its cost say for the log. */
type Seen = Pick<RequestLogEntry, "status" | "nodeCount" | "requestId">;

interface Ended extends Seen, Pick<ToolOutcome, "cost" | "error"> {
  tool: OpenTool;
  startedAt: number;
}

interface Attempt extends Answer<Verdict> {
  news: QuotaNews;
}

function endOf(verdict: Verdict, ok: boolean): QuotaReport["ended"] {
  if (verdict.kind === "limited") return verdict.limit === "primary" ? "primary_limit" : "secondary_limit";
  return ok ? "answered" : "failed";
}

function quotaOf(answered: Exchange, spent: Spent | null, nowMs: number): QuotaReport["quota"] {
  if (answered.kind !== "answer") return null;
  const reading = readQuota(answered.headers) ?? spent?.reading ?? null;
  return reading && { reading, clockOffsetMs: readClockOffsetMs(answered.headers, nowMs) };
}

function quotaUpdated(resource: QuotaResource, reading: QuotaReading): Parameters<SourceCall["emit"]>[0] {
  const resetAt = new Date(reading.resetAtMs).toISOString();
  return {
    type: "quota.updated",
    data: { resource, limit: reading.limit, remaining: reading.remaining, resetAt },
  };
}

function rateLimited(where: string, retryAfterMs: number): CmoError {
  return new CmoError(
    "rate_limited",
    `GitHub's rate limit did not end although it was waited for (${where}).`,
    {
      hint: "Something else may be using the same token: try again later, or lower source.concurrency.",
      retryAfterMs,
    },
  );
}
