import { CmoError } from "@cmo/engine";
import type { ApiLink } from "./api-link.ts";
import { onAbort } from "./on-abort.ts";
import { untilAborted } from "./until-aborted.ts";

/** One request. */
export interface ApiCall {
  readonly method: "GET" | "POST" | "DELETE";
  /** With its query; see `apiPath`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** In place of the link's. */
  readonly timeoutMs?: number;
  /** Whether the key goes with it. Default true. */
  readonly withKey?: boolean;
}

/** The head of an answer whose body has not been read. */
export interface OpenAnswer {
  readonly response: Response;
  /** Aborts when it took too long or is no longer wanted; whoever keeps the body open aborts it in the end. */
  readonly stop: AbortController;
}

/** Why there is no answer: nobody was reached; nothing came in time; the connection broke; there is one, of an error. */
export type FailureReason = "refused" | "timeout" | "broken" | "answered";

/** How one request ended. */
export type Exchange<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: CmoError; readonly reason: FailureReason };

/**
 * Makes one request and gives what `take` makes of the answer, all of it in time. Never rejects: what `take` throws as
 * a `CmoError` is the exchange's error, everything else `api_unreachable`. Follows no redirect, so that the key goes to
 * nobody else. Errors carry no cause: those of networks quote headers now and then.
 */
export async function exchange<T>(
  link: ApiLink,
  call: ApiCall,
  take: (answer: OpenAnswer) => Promise<T>,
  signal?: AbortSignal,
): Promise<Exchange<T>> {
  const { method, path, headers, body, timeoutMs = link.timeoutMs, withKey = true } = call;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const stop = new AbortController();
  const done = new AbortController();
  let isLate = false;
  const off = onAbort(signal, () => stop.abort());
  const deadline = link.clock.sleep(timeoutMs, done.signal).then(() => {
    if (done.signal.aborted) return;
    isLate = true;
    stop.abort();
  });
  try {
    const { authorization, ...plain } = link.headers;
    const answer = link.fetch(`${link.address.base}${path}`, {
      method,
      headers: {
        ...plain,
        ...(withKey && authorization !== undefined ? { authorization } : {}),
        ...(text === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(text === undefined ? {} : { body: text }),
      redirect: "manual",
      signal: stop.signal,
    });
    const response = await untilAborted(answer, stop.signal);
    return { ok: true, value: await untilAborted(take({ response, stop }), stop.signal) };
  } catch (thrown) {
    stop.abort();
    if (thrown instanceof CmoError) return { ok: false, error: thrown, reason: "answered" };
    return isLate ? late(link, timeoutMs) : broken(link, thrown);
  } finally {
    off();
    done.abort();
    await deadline;
  }
}

/** The error of a connection that did not come about or broke, without what networks say about it. */
export function unreachable(link: ApiLink, what: string): CmoError {
  return new CmoError("api_unreachable", `${link.address.base} ${what}.`, {
    hint: "Is cmo running there? Set CMO_API_URL to its address.",
  });
}

function late(link: ApiLink, timeoutMs: number): Exchange<never> {
  const error = unreachable(link, `did not answer within ${timeoutMs / 1_000} s`);
  return { ok: false, error, reason: "timeout" };
}

function broken(link: ApiLink, thrown: unknown): Exchange<never> {
  const code = codeOf(thrown);
  const error = unreachable(link, `does not answer (${code ?? "network error"})`);
  return { ok: false, error, reason: code !== null && unreached.has(code) ? "refused" : "broken" };
}

/** With these, not one byte of the request has left: Node tells them apart, browsers do not. */
const unreached: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function codeOf(thrown: unknown): string | null {
  for (let cause = thrown; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string" && /^[A-Z][A-Z0-9_]{2,40}$/.test(cause.code)) {
      return cause.code;
    }
  }
  return null;
}
