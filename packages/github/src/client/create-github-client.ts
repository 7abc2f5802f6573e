import { type Clock, CmoError, type SourceCall, type ToolOutcome } from "@cmo/engine";
import { type Exchange, exchange, type Fetch, type FetchInit } from "../http/exchange.ts";
import { followRedirect } from "../http/follow-redirect.ts";
import { readClockOffsetMs, readQuota, readRequestId } from "../http/header.ts";
import { judgeAnswer, type Verdict } from "../http/judge-answer.ts";
import type { Limiter } from "../http/limiter.ts";
import type { Quota, QuotaReading, QuotaResource } from "../quota/quota.ts";
import { redact } from "../redaction/redact.ts";
import { createGate } from "./gate.ts";
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
export type RestAnswer = Answer<Extract<Verdict, { kind: "body" | "absent" | "failed" }>>;

/**
 * Asks one question at a time, whatever may be in its way: waits for a slot and for the quota, visibly; waits out
 * limits and asks again; follows redirects within the origin. What fails and may pass is handed back as `failed`, since
 * only the asker can make the question smaller. Anything else throws a `CmoError`.
 */
export interface GitHubClient {
  graphql(question: GraphqlQuestion, call: SourceCall): Promise<GraphqlAnswer>;
  /** `path` begins with a slash and is encoded. */
  rest(question: { tool: string; path: string }, call: SourceCall): Promise<RestAnswer>;
}

/** What a {@link GitHubClient} is made of. */
export interface GitHubClientOptions {
  fetch: Fetch;
  token: string;
  apiUrl: string;
  graphqlUrl: string;
  clock: Clock;
  limiter: Limiter;
  quota: Quota;
  userAgent: string;
  requestTimeoutMs: number;
  /** How often a limit is waited out for one question. */
  maxAttempts: number;
  log?: ((entry: RequestLogEntry) => void) | undefined;
}

/** A client bound to one token and its two addresses. */
export function createGitHubClient(options: GitHubClientOptions): GitHubClient {
  const { clock, quota, limiter } = options;
  const gate = createGate({ clock, quota, limiter });
  const costs = new Map<string, number>();
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
    const pass = await gate.enter(request.resource, expectedCost, call);
    const startedAtMs = clock.now();
    let clear = () => {};
    let tool: ReturnType<SourceCall["startTool"]> | null = null;
    let outcome: ToolOutcome = { ok: false, cost: 0, cached: false, error: "cancelled" };
    try {
      tool = call.startTool(request.tool, request.input);
      const answered = await exchange(url.href, request.init, {
        fetch: options.fetch,
        clock,
        timeoutMs: options.requestTimeoutMs,
        signal: call.signal,
        onHead: (status, head) => {
          if (status === 403 || status === 429 || readQuota(head)?.remaining === 0)
            clear = quota.suspectLimit();
        },
      });
      const nowMs = clock.now();
      const durationMs = nowMs - startedAtMs;
      const verdict = judgeAnswer(answered, { api: request.api, nowMs, durationMs, host: url.host, quote });
      const spent = readSpent(verdict);
      outcome = {
        ok: errorCode(verdict) === null,
        cost: spent?.cost ?? 0,
        cached: false,
        error: errorCode(verdict),
      };
      if (spent !== null) costs.set(request.tool, Math.max(1, spent.cost));
      const reading = noteQuota(request.resource, answered, spent, nowMs);
      if (verdict.kind === "limited") {
        if (verdict.limit === "primary") quota.pausePrimary(request.resource, verdict.retryAfterMs, 60_000);
        else {
          quota.pauseSecondary(startedAtMs, verdict.retryAfterMs);
          limiter.halve();
        }
      } else if (outcome.ok) {
        quota.recovered();
        limiter.recovered();
      }
      const requestId = answered.kind === "answer" ? readRequestId(answered.headers) : null;
      const status = answered.kind === "answer" ? answered.status : null;
      options.log?.({
        tool: request.tool,
        host: url.host,
        status,
        durationMs,
        cost: outcome.cost,
        nodeCount: spent?.nodeCount ?? null,
        requestId,
        error: outcome.error,
      });
      return {
        verdict,
        reading,
        headers: answered.kind === "answer" ? answered.headers : new Headers(),
        durationMs,
        where: [status ?? "no answer", requestId === null ? [] : `request ${requestId}`].flat().join(", "),
      };
    } finally {
      // The quota is settled before the slot is free, so that whoever gets the slot knows of a limit.
      clear();
      pass.leave();
      tool?.complete(outcome);
    }
  }

  function noteQuota(
    resource: QuotaResource,
    answered: Exchange,
    spent: Spent | null,
    nowMs: number,
  ): QuotaReading | null {
    if (answered.kind !== "answer") return null;
    const reading = readQuota(answered.headers) ?? spent?.reading ?? null;
    return reading && quota.note(resource, reading, readClockOffsetMs(answered.headers, nowMs));
  }

  async function send(request: Request, call: SourceCall): Promise<Attempt> {
    let url = new URL(request.url);
    let redirects = 0;
    let limits = 0;
    for (;;) {
      const attempted = await attempt(request, url, call);
      if (attempted.reading !== null) call.emit(quotaUpdated(request.resource, attempted.reading));
      const { verdict } = attempted;
      switch (verdict.kind) {
        case "data":
        case "body":
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
          if (limits >= options.maxAttempts)
            throw rateLimited(attempted.where, gate.remainingWaitMs(request.resource));
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
    async rest({ tool, path }, call) {
      const init: Request["init"] = { method: "GET", headers };
      const url = `${options.apiUrl}${path}`;
      const sent = await send({ api: "rest", resource: "core", tool, input: path, url, init }, call);
      const { verdict } = sent;
      if (verdict.kind === "body" || verdict.kind === "absent" || verdict.kind === "failed")
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

interface Attempt extends Answer<Verdict> {
  /** What is to be told about the quota. */
  reading: QuotaReading | null;
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
