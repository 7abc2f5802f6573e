import type { Clock } from "@cmo/engine";
import { throwIfCancelled } from "../client/cancelled.ts";

/** The slice of `fetch` that this package uses. `globalThis.fetch` and the simulator's are such functions. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

/** What {@link Fetch} is called with. */
export interface FetchInit {
  method: "GET" | "POST" | "DELETE";
  headers: Record<string, string>;
  body?: string;
  /** Redirects are followed by hand, since a token must not follow them everywhere. */
  redirect: "manual";
  signal: AbortSignal;
}

/** How one HTTP request ended. */
export type Exchange =
  | { kind: "answer"; status: number; headers: Headers; text: string }
  /** Nothing complete came back within the time. */
  | { kind: "timeout" }
  /** The connection could not be made, or broke. `reason` is a short code such as `ECONNRESET`. */
  | { kind: "broken"; reason: string };

/**
 * Makes one HTTP request and reads the whole answer within `timeoutMs`. Never rejects, but with a `CmoError`
 * `cancelled` as soon as the signal aborts, even when `fetch` does not care. Leaves no timer and no listener behind.
 */
export async function exchange(
  url: string,
  init: Omit<FetchInit, "redirect" | "signal">,
  options: {
    fetch: Fetch;
    clock: Clock;
    timeoutMs: number;
    signal: AbortSignal;
    /** Told of the head of an answer before its body is read. */
    onHead?: (status: number, headers: Headers) => void;
  },
): Promise<Exchange> {
  throwIfCancelled(options.signal);
  const stop = new AbortController();
  const done = new AbortController();
  const abort = () => stop.abort();
  options.signal.addEventListener("abort", abort);
  const stopped = new Promise<"stopped">((resolve) => {
    stop.signal.addEventListener("abort", () => resolve("stopped"));
  });
  const timer = options.clock.sleep(options.timeoutMs, done.signal).then(() => {
    if (!done.signal.aborted) stop.abort();
  });
  try {
    // Nothing is awaited before `fetch` is called: the quota was asked just now.
    const answer = (async (): Promise<Exchange> => {
      const response = await options.fetch(url, { ...init, redirect: "manual", signal: stop.signal });
      options.onHead?.(response.status, response.headers);
      return {
        kind: "answer",
        status: response.status,
        headers: response.headers,
        text: await response.text(),
      };
    })().catch((error: unknown): Exchange => ({ kind: "broken", reason: shortReason(error) }));
    const first = await Promise.race([answer, stopped]);
    throwIfCancelled(options.signal);
    if (first === "stopped" || stop.signal.aborted) return { kind: "timeout" };
    return first;
  } finally {
    done.abort();
    options.signal.removeEventListener("abort", abort);
    await timer;
  }
}

/** A code only: messages of network libraries quote headers and addresses now and then. */
function shortReason(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string" && /^[A-Z][A-Z0-9_]{2,40}$/.test(cause.code)) {
      return cause.code;
    }
  }
  return "network error";
}
