import type { Span, SpanAttributes } from "./span.ts";

/** Whose spans they are. */
export interface SpanOrigin {
  /** Of the process: `service.name` and the like. */
  readonly resource: SpanAttributes;
  readonly scope: { readonly name: string; readonly version: string };
}

/**
 * The body of an export request: OTLP's JSON form (opentelemetry-proto, `docs/specification.md`, JSON Protobuf
 * Encoding), in which ids are hexadecimal, 64-bit numbers are text, and enum values are numbers.
 */
export function encodeSpans({ resource, scope }: SpanOrigin, spans: readonly Span[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeSpans: [{ scope, spans: spans.map(spanOf) }],
      },
    ],
  });
}

/** `Span.SpanKind`. */
const kinds = { internal: 1, client: 3 } as const;
/** `Status.StatusCode`. */
const errorStatus = 2;

function spanOf(span: Span) {
  const { events = [], links = [] } = span;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: kinds[span.kind],
    startTimeUnixNano: nanosOf(span.startedAt),
    endTimeUnixNano: nanosOf(Math.max(span.startedAt, span.endedAt)),
    attributes: attributesOf(span.attributes),
    ...(span.isError ? { status: { code: errorStatus } } : {}),
    ...(events.length === 0
      ? {}
      : {
          events: events.map(({ name, at, attributes }) => ({
            name,
            timeUnixNano: nanosOf(at),
            attributes: attributesOf(attributes),
          })),
        }),
    ...(links.length === 0 ? {} : { links }),
  };
}

/** As text, since it is beyond the whole numbers that JSON readers keep. */
function nanosOf(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  return whole === 0 ? "0" : `${whole}000000`;
}

type OtlpValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number };

function attributesOf(attributes: SpanAttributes) {
  return Object.entries(attributes).flatMap(([key, value]) => {
    const encoded = otlpValueOf(value);
    return encoded === null ? [] : [{ key, value: encoded }];
  });
}

function otlpValueOf(value: SpanAttributes[string]): OtlpValue | null {
  switch (typeof value) {
    case "string":
      return { stringValue: value };
    case "boolean":
      return { boolValue: value };
    case "number":
      if (!Number.isFinite(value)) return null;
      return Number.isSafeInteger(value) ? { intValue: `${value}` } : { doubleValue: value };
    default:
      return null;
  }
}
