import type { Context, Hono } from "hono";
import { RequestRefused } from "../request/request-refused.ts";
import type { ApiEnv } from "./api-env.ts";

/** Refuses what no route is for. @throws RequestRefused 405 where another method would do, which it names; else 404. */
export function refuseUnknown(app: Hono<ApiEnv>, { req }: Context<ApiEnv>): never {
  const allowed = methods.filter((method) => app.router.match(method, req.path)[0].length > 0);
  if (allowed.length === 0) {
    throw new RequestRefused("not_found", "There is nothing at this address.", {
      hint: "What there is stands in /docs and /openapi.json.",
    });
  }
  const allow = allowed.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])).join(", ");
  throw new RequestRefused("usage", "This address does not take that method.", {
    status: 405,
    hint: `It takes ${allow}.`,
    headers: { Allow: allow },
  });
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
