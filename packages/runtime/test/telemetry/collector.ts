import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A span as it arrived, with its attributes as plain values. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
  readonly events: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** One export request. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly spans: readonly ReceivedSpan[];
}

/** A collector on a socket of this machine. */
export interface Collector {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  spans(): readonly ReceivedSpan[];
  /** How it answers from now on. Default: 200 with an empty object. */
  answer(how: (response: ServerResponse, request: ReceivedRequest) => void): void;
  close(): Promise<void>;
}

export async function openCollector(): Promise<Collector> {
  const requests: ReceivedRequest[] = [];
  const usual = (response: ServerResponse): void => {
    response.setHeader("content-type", "application/json").end("{}");
  };
  let answer: (response: ServerResponse, request: ReceivedRequest) => void = usual;
  const server = createServer(async (incoming, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece);
    const request = readRequest(incoming, Buffer.concat(pieces).toString("utf8"));
    requests.push(request);
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans: () => requests.flatMap(({ spans }) => spans),
    answer(how) {
      answer = how;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

type Value = { stringValue?: string; intValue?: string; doubleValue?: number; boolValue?: boolean };
type Attributes = readonly { key: string; value: Value }[];

function readRequest(incoming: IncomingMessage, body: string): ReceivedRequest {
  const { resourceSpans } = JSON.parse(body);
  return {
    path: incoming.url ?? "",
    headers: incoming.headers,
    body,
    resource: valuesOf(resourceSpans[0].resource.attributes),
    spans: resourceSpans[0].scopeSpans[0].spans.map(readSpan),
  };
}

/** A span in OTLP's JSON, as far as it is read here. */
interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Attributes;
  readonly status?: { readonly code: number };
  readonly events?: readonly { readonly name: string; readonly attributes: Attributes }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

function readSpan(span: OtlpSpan): ReceivedSpan {
  const { traceId, spanId, parentSpanId = null, name, kind, status, events = [], links = [] } = span;
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    kind,
    startedAt: msOf(span.startTimeUnixNano),
    endedAt: msOf(span.endTimeUnixNano),
    attributes: valuesOf(span.attributes),
    isError: status?.code === 2,
    events: events.map((event) => ({ name: event.name, attributes: valuesOf(event.attributes) })),
    links,
  };
}

function msOf(nanos: string): number {
  return Number(BigInt(nanos) / 1_000_000n);
}

function valuesOf(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.intValue === undefined ? Object.values(value)[0] : Number(value.intValue),
    ]),
  );
}
