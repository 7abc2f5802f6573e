/** What a span says of itself. What is null is left out; whole numbers are integers to the other side. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A span by its ids: lowercase hexadecimal, 32 digits and 16. */
export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
}

/** Something that took its time, as OpenTelemetry tells of it. Times are milliseconds since the epoch. */
export interface Span extends SpanContext {
  readonly parentSpanId: string | null;
  readonly name: string;
  /** `client`: a request to somebody else. */
  readonly kind: "internal" | "client";
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: SpanAttributes;
  readonly isError: boolean;
  /** What happened in between. */
  readonly events?: readonly {
    readonly name: string;
    readonly at: number;
    readonly attributes: SpanAttributes;
  }[];
  /** Spans of other traces that it has to do with. */
  readonly links?: readonly SpanContext[];
}
