import { engineVersion } from "@cmo/engine";
import { Hono } from "hono";
import { uniqueSymbol } from "hono-openapi";
import { consoleRoutes } from "../console/console-routes.ts";
import { openApiDocument } from "../document/openapi-document.ts";
import { operationRoutes } from "../operation/operation-routes.ts";
import { campaignRoutes } from "../route/campaign-routes.ts";
import { controlRoutes } from "../route/control-routes.ts";
import { documentRoutes } from "../route/document-routes.ts";
import { eraseRoutes } from "../route/erase-routes.ts";
import { jobRoutes } from "../route/job-routes.ts";
import { peopleRoutes } from "../route/people-routes.ts";
import { resultRoutes } from "../route/result-routes.ts";
import { suppressionRoutes } from "../route/suppression-routes.ts";
import { eventRoutes } from "../stream/event-routes.ts";
import type { ApiEnv } from "./api-env.ts";
import type { ApiParts } from "./api-parts.ts";
import { createPipeline } from "./create-pipeline.ts";
import { createErrorHandler } from "./handle-error.ts";
import { refuseUnknown } from "./refuse-unknown.ts";
import { singleRoutes } from "./single-routes.ts";

/** The API as an app: everything but listening. */
export function createApp(parts: ApiParts): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const throughPipeline = createPipeline(parts);
  // For errors of the pipeline itself.
  app.onError(createErrorHandler(parts));
  const document = () => openApiDocument(app, engineVersion);
  for (const { method, path, handle, description } of singleRoutes(apiRoutes(parts, document))) {
    const answer = throughPipeline(handle, isGuarded(path), path);
    app.on(method, path, Object.assign(answer, { [uniqueSymbol]: description }));
  }
  const refuse = (context: Parameters<typeof refuseUnknown>[1]) => refuseUnknown(app, context);
  const refuseGuarded = throughPipeline(refuse, true);
  const refuseOpen = throughPipeline(refuse, false);
  app.notFound((context) => (isGuarded(context.req.path) ? refuseGuarded : refuseOpen)(context));
  return app;
}

/** Every resource is an app of its own. */
function apiRoutes(parts: ApiParts, document: Parameters<typeof documentRoutes>[1]): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .route("/api", campaignRoutes(parts))
    .route("/api/jobs", jobRoutes(parts))
    .route("/api/jobs", controlRoutes(parts))
    .route("/api/jobs", resultRoutes(parts))
    .route("/api/jobs", eraseRoutes())
    .route("/api/suppressions", suppressionRoutes(parts))
    .route("/api/people", peopleRoutes())
    .route("/", eventRoutes(parts))
    .route("/", operationRoutes(parts))
    .route("/", documentRoutes(parts, document))
    .route("/", consoleRoutes(parts));
}

/** Whether an address needs a key, on a server that has keys. */
function isGuarded(path: string): boolean {
  return path.startsWith("/api/") || path === "/metrics";
}
