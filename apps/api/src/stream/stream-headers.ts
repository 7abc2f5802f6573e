import type { StreamForm } from "../operation/api-meter.ts";
import { dataHeaders } from "../security/security-headers.ts";

/** The media types of streams. */
export const streamMediaTypes = {
  sse: "text/event-stream",
  ndjson: "application/x-ndjson",
} as const satisfies Record<StreamForm, string>;

/** The headers of an answer that is a stream. */
export const streamHeaders: Readonly<Record<StreamForm, Readonly<Record<string, string>>>> = {
  sse: headersOf("sse"),
  ndjson: headersOf("ndjson"),
};

function headersOf(form: StreamForm): Readonly<Record<string, string>> {
  // Proxies that gather an answer before they pass it on are told not to
  // (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering).
  return { "Content-Type": streamMediaTypes[form], ...dataHeaders, "X-Accel-Buffering": "no" };
}
