import type { Context } from "hono";
import type { ApiEnv } from "../app/api-env.ts";
import { RequestRefused } from "../request/request-refused.ts";

/** The key that a request was sent with, or null. */
export function readKey(context: Context<ApiEnv>): string | null {
  const authorization = context.req.header("authorization");
  if (authorization !== undefined) return bearerPattern.exec(authorization)?.[1] ?? "";
  return context.req.header("x-api-key") ?? null;
}

const bearerPattern = /^Bearer +([\x21-\x7e]{1,512})$/i;

/** @throws RequestRefused `usage` for an address with a key in it: addresses stand in histories and logs. */
export function refuseKeyInAddress(url: string): void {
  const query = url.indexOf("?");
  const hasKeyName = query !== -1 && keyNamePattern.test(url.slice(query));
  if (!hasKeyName && !(url.includes("cmo_") && keyPattern.test(url))) return;
  throw new RequestRefused("usage", "A key does not belong in an address.", {
    hint: "Send it as Authorization: Bearer …; revoke this one, because addresses are written down on the way.",
  });
}

const keyNamePattern = /[?&](?:x-)?(?:api[-_]?key|access[-_]?token|key|token|authorization)(?:=|&|$)/i;
const keyPattern = /cmo_[0-9a-z]{4,32}_[0-9A-Za-z]{12,}/;
