import type { Context, Handler, Hono } from "hono";
import { uniqueSymbol } from "hono-openapi";
import type { ApiEnv } from "./api-env.ts";

/** A route as one function. */
export interface SingleRoute {
  readonly method: string;
  readonly path: string;
  readonly handle: (context: Context<ApiEnv>) => Response | Promise<Response>;
  /** What it says of itself to the document. */
  readonly description: unknown;
}

/**
 * The routes of an app, each as one function: its handler, and beside it what its description says. Hono runs a route of
 * one function as it is, and makes a chain of promises for two; a JSON answer is short enough to feel it.
 */
export function singleRoutes(app: Hono<ApiEnv>): SingleRoute[] {
  const routes = new Map<string, SingleRoute>();
  for (const { method, path, handler } of app.routes) {
    const key = `${method} ${path}`;
    const described: unknown = Reflect.get(handler, uniqueSymbol);
    const known = routes.get(key);
    if (described === undefined) {
      routes.set(key, { method, path, description: known?.description, handle: handleOf(handler) });
    } else {
      routes.set(key, { method, path, description: described, handle: known?.handle ?? handleOf(handler) });
    }
  }
  return [...routes.values()];
}

function handleOf(handler: Handler): SingleRoute["handle"] {
  return (context) => handler(context, async () => {});
}
