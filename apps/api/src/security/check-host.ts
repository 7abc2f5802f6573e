import type { Context } from "hono";
import type { ApiEnv } from "../app/api-env.ts";
import { RequestRefused } from "../request/request-refused.ts";

/** Names that only this machine has for itself. */
const loopbackNames = ["127.0.0.1", "localhost", "[::1]"] as const;

/**
 * For a server without keys, where whoever reaches it may do everything: refuses what a page of somebody else could send
 * through the browser of the person who runs it. A name that was made to point here (DNS rebinding) stands in `Host`; a
 * page of another place says so in `Origin`. @throws RequestRefused `forbidden`: 421 and 403.
 */
export function refuseForeign(context: Context<ApiEnv>): void {
  const { host, origin, port } = facts(context);
  if (!isOwn(host, port)) {
    throw new RequestRefused("forbidden", "This server is only for this machine.", {
      status: 421,
      hint: `Ask for it as ${loopbackNames.map((name) => `${name}${port === null ? "" : `:${port}`}`).join(" or ")}.`,
    });
  }
  if (origin !== undefined && !(origin.startsWith("http://") && isOwn(origin.slice(7), port))) {
    throw new RequestRefused("forbidden", "Pages of other places may not use this server.", { status: 403 });
  }
}

/**
 * For a server with keys. A key is in a header, which a page of another place cannot send: we answer no preflight. So
 * this guards nothing by itself; it keeps a browser whose guard was taken off from changing things, and costs a look
 * at a header that programs do not send. `Host` may be another one behind a proxy, which is why the browser's own word
 * counts too. @throws RequestRefused `forbidden`.
 */
export function refuseForeignChange(context: Context<ApiEnv>): void {
  const origin = context.req.header("origin");
  if (origin === undefined || context.req.method === "GET" || context.req.method === "HEAD") return;
  if (context.req.header("sec-fetch-site") === "same-origin") return;
  const { host } = facts(context);
  if (origin === `https://${host}` || origin === `http://${host}`) return;
  throw new RequestRefused("forbidden", "Pages of other places may not use this server.", { status: 403 });
}

function facts(context: Context<ApiEnv>): { host: string; origin: string | undefined; port: number | null } {
  const incoming = context.env?.incoming;
  if (incoming !== undefined) {
    const { host = "", origin } = incoming.headers;
    return { host, origin, port: incoming.socket.localPort ?? null };
  }
  const host = context.req.header("host") ?? new URL(context.req.url).host;
  return { host, origin: context.req.header("origin"), port: null };
}

/** Without a port to compare with (no socket), the name decides. */
function isOwn(host: string, port: number | null): boolean {
  return loopbackNames.some((name) => {
    if (port === null) return host === name || host.startsWith(`${name}:`);
    return host === `${name}:${port}` || (port === 80 && host === name);
  });
}
