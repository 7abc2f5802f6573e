import { CmoError } from "@cmo/engine";
import type { Environment } from "../../host/host.ts";
import type { SpanAttributes } from "./span.ts";

/** Where spans go and how. */
export interface OtlpSettings {
  readonly url: string;
  /** May hold secrets: for the requests alone. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** How many spans wait at most; what comes when they do is dropped. */
  readonly queueSize: number;
  /** How many are sent at once, at most. */
  readonly batchSize: number;
  /** How long a span waits for others, at most. */
  readonly delayMs: number;
  readonly resource: SpanAttributes;
}

/**
 * What the environment says of traces, in OpenTelemetry's own variables (specification, "OTLP Exporter Configuration",
 * "Environment Variable Specification"). What is no number is as if it were not there, as is said there.
 * @throws CmoError `config_invalid` for an address that is none.
 */
export function readOtlpSettings(env: Environment, onWarning: (message: string) => void): OtlpSettings {
  const read = (name: string) =>
    env[`OTEL_EXPORTER_OTLP_TRACES_${name}`] || env[`OTEL_EXPORTER_OTLP_${name}`];
  const protocol = read("PROTOCOL");
  if (protocol !== undefined && protocol !== "http/json") {
    onWarning(`Traces are sent as OTLP over HTTP in JSON, and not as ${protocol}.`);
  }
  const attributes = pairsOf(env.OTEL_RESOURCE_ATTRIBUTES);
  const queueSize = numberOf(env.OTEL_BSP_MAX_QUEUE_SIZE, 2_048);
  return {
    url: urlOf(env),
    headers: pairsOf(read("HEADERS")),
    timeoutMs: numberOf(read("TIMEOUT"), 10_000),
    queueSize,
    batchSize: Math.min(queueSize, numberOf(env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE, 512)),
    delayMs: numberOf(env.OTEL_BSP_SCHEDULE_DELAY, 5_000),
    resource: { "service.name": "cmo", ...attributes, ...serviceName(env.OTEL_SERVICE_NAME) },
  };
}

function serviceName(name: string | undefined): SpanAttributes {
  return name === undefined || name === "" ? {} : { "service.name": name };
}

function urlOf(env: Environment): string {
  const whole = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const name = whole ? "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" : "OTEL_EXPORTER_OTLP_ENDPOINT";
  const text = (env[name] ?? "").trim();
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    // Not repeated: some addresses have a password in them.
    throw new CmoError("config_invalid", `${name} is no address that traces could be sent to.`, {
      hint: "Set it to an address such as http://localhost:4318, or not at all.",
    });
  }
  if (!whole) url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/traces`;
  return url.href;
}

function numberOf(text: string | undefined, otherwise: number): number {
  const value = Number(text ?? "");
  return Number.isSafeInteger(value) && value > 0 ? value : otherwise;
}

/** `name=value,name=value`, with values percent-encoded. */
function pairsOf(text = ""): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const part of text.split(",")) {
    const split = part.indexOf("=");
    const name = part.slice(0, Math.max(0, split)).trim();
    if (/^[\w.-]+$/.test(name)) pairs[name] = decoded(part.slice(split + 1).trim());
  }
  return pairs;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
