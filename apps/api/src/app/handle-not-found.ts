import type { Context, Hono } from "hono";
import { RequestRefused } from "../request/request-refused.ts";
import type { ApiEnv } from "./api-env.ts";

/** Refuses what no route is for: 405 where another method would do, and says which; else 404. */
export function createNotFoundHandler(app: Hono<ApiEnv>) {
  return (context: Context<ApiEnv>): never => {
    const allowed = methods.filter((method) => hasRoute(app, method, context.req.path));
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
  };
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

function hasRoute(app: Hono<ApiEnv>, method: string, path: string): boolean {
  // Middleware is there for every path, and is registered for every method.
  return app.router.match(method, path)[0].some(([[, route]]) => route.method !== "ALL");
}
