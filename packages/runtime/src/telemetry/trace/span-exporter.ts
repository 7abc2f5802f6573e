import type { Clock, Random } from "@cmo/engine";
import { type Exchange, exchange, type Fetch } from "@cmo/github";
import type { Log } from "../log.ts";
import { encodeSpans, type SpanOrigin } from "./encode-spans.ts";
import type { OtlpSettings } from "./otlp-settings.ts";
import type { Span } from "./span.ts";

/** Takes spans, and sends them on. */
export interface SpanExporter {
  /** Returns at once. What does not fit is dropped and counted. */
  add(span: Span): void;
  /** Sends what waits, for at most so long; nothing is taken afterwards. */
  close(limitMs: number): Promise<void>;
}

/** What {@link createSpanExporter} is made of. */
export interface SpanExporterOptions {
  readonly settings: OtlpSettings;
  readonly origin: SpanOrigin;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** How often a batch is sent before it is given up. */
const maxTries = 5;
/** What the specification calls retryable. */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Sends spans in batches to a collector (OTLP over HTTP, `docs/specification.md` of opentelemetry-proto). Whatever the
 * collector does, nobody waits for it: while it does not answer, a batch is tried again after a while and so many more
 * spans are kept; the log says when that begins and when it is over.
 */
export function createSpanExporter(options: SpanExporterOptions): SpanExporter {
  const { settings, origin, clock, random, log } = options;
  const { queueSize, batchSize, delayMs } = settings;
  /** Nothing is waited for any more. */
  const closing = new AbortController();
  /** Nothing is sent any more. */
  const stop = new AbortController();
  let waiting: Span[] = [];
  let sending: Promise<void> | null = null;
  let hurry = new AbortController();
  let isFailing = false;
  let lost = 0;

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      if (waiting.length < batchSize && !closing.signal.aborted) {
        hurry = new AbortController();
        await clock.sleep(delayMs, hurry.signal);
      }
      const batch = waiting.slice(0, batchSize);
      waiting = waiting.slice(batchSize);
      const isSent = await send(batch);
      if (isSent) continue;
      lost += batch.length;
      // There is no time left to find out whether the next one would arrive.
      if (closing.signal.aborted) break;
    }
    sending = null;
  }

  async function send(batch: readonly Span[]): Promise<boolean> {
    const body = encodeSpans(origin, batch);
    for (let tries = 1; ; tries += 1) {
      const wasClosing = closing.signal.aborted;
      const failure = await post(body, batch.length);
      if (failure === null) {
        tellOfSuccess();
        return true;
      }
      tellOfFailure(failure.reason);
      if (!failure.retryable || tries >= maxTries || wasClosing) return false;
      const pauseMs = failure.retryAfterMs ?? 1_000 * 2 ** (tries - 1) * (0.5 + random() / 2);
      await clock.sleep(pauseMs, closing.signal);
    }
  }

  /** Null when the spans have arrived. */
  async function post(body: string, spans: number): Promise<Failure | null> {
    try {
      const answer = await exchange(
        settings.url,
        { method: "POST", headers: { ...settings.headers, "content-type": "application/json" }, body },
        { fetch: options.fetch, clock, timeoutMs: settings.timeoutMs, signal: stop.signal },
      );
      const failure = failureOf(answer);
      if (failure === null && answer.kind === "answer") noteRejected(answer.text, spans);
      return failure;
    } catch {
      return { reason: "stopped", retryable: false, retryAfterMs: null };
    }
  }

  /** A collector may take some of the spans only; these are not to be sent again. */
  function noteRejected(text: string, spans: number): void {
    const rejected = Number(/"rejectedSpans"\s*:\s*"?(\d{1,9})/.exec(text)?.[1] ?? 0);
    if (rejected === 0) return;
    lost += Math.min(rejected, spans);
    log.warn("the collector refused spans", { spans: rejected });
  }

  function tellOfFailure(reason: string): void {
    if (isFailing) return;
    isFailing = true;
    log.warn("traces cannot be sent", { reason });
  }

  function tellOfSuccess(): void {
    if (!isFailing) return;
    isFailing = false;
    log.info("traces are sent again", { lost });
  }

  return {
    add(span) {
      if (closing.signal.aborted || waiting.length >= queueSize) {
        lost += 1;
        return;
      }
      waiting.push(span);
      if (waiting.length >= batchSize) hurry.abort();
      sending ??= sendAll();
    },
    async close(limitMs) {
      closing.abort();
      hurry.abort();
      const limit = new AbortController();
      const late = clock.sleep(limitMs, limit.signal).then(() => stop.abort());
      await sending;
      limit.abort();
      await late;
      lost += waiting.length;
      waiting = [];
      if (lost > 0) log.warn("spans were lost", { spans: lost });
    },
  };
}

interface Failure {
  readonly reason: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
}

function failureOf(answer: Exchange): Failure | null {
  if (answer.kind === "timeout") return { reason: "timeout", retryable: true, retryAfterMs: null };
  if (answer.kind === "broken") return { reason: answer.reason, retryable: true, retryAfterMs: null };
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return null;
  const seconds = Number(headers.get("retry-after") ?? "");
  return {
    reason: `HTTP ${status}`,
    retryable: retryable.has(status),
    retryAfterMs: seconds > 0 && seconds <= 300 ? seconds * 1_000 : null,
  };
}
