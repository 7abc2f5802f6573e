import { Hono } from "hono";
import { operationRoutes } from "../operation/operation-routes.ts";
import { RequestRefused } from "../request/request-refused.ts";
import type { ApiEnv } from "./api-env.ts";
import type { ApiParts } from "./api-parts.ts";
import { createPipeline } from "./create-pipeline.ts";
import { createErrorHandler } from "./handle-error.ts";
import { singleRoutes } from "./single-routes.ts";

/** `/healthz`, `/readyz` and `/metrics` by themselves, with the same keys: for a process that serves no campaigns. */
export function createHealthApp(parts: ApiParts): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const throughPipeline = createPipeline(parts);
  app.onError(createErrorHandler(parts));
  for (const { method, path, handle } of singleRoutes(operationRoutes(parts))) {
    app.on(method, path, throughPipeline(handle, path === "/metrics", path));
  }
  app.notFound(throughPipeline(refuse, false));
  return app;
}

function refuse(): never {
  throw new RequestRefused("not_found", "There is nothing at this address.", {
    hint: "This is a worker: it answers at /healthz, /readyz and /metrics.",
  });
}
