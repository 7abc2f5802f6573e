import { engineVersion } from "@cmo/engine";
import { Hono } from "hono";
import { openApiDocument } from "../document/openapi-document.ts";
import { observeRequests } from "../operation/observe-requests.ts";
import { operationRoutes } from "../operation/operation-routes.ts";
import { campaignRoutes } from "../route/campaign-routes.ts";
import { controlRoutes } from "../route/control-routes.ts";
import { documentRoutes } from "../route/document-routes.ts";
import { eraseRoutes } from "../route/erase-routes.ts";
import { jobRoutes } from "../route/job-routes.ts";
import { peopleRoutes } from "../route/people-routes.ts";
import { resultRoutes } from "../route/result-routes.ts";
import { suppressionRoutes } from "../route/suppression-routes.ts";
import { createDoor, createGate } from "../security/create-gate.ts";
import { eventRoutes } from "../stream/event-routes.ts";
import type { ApiEnv } from "./api-env.ts";
import type { ApiParts } from "./api-parts.ts";
import { createErrorHandler } from "./handle-error.ts";
import { createNotFoundHandler } from "./handle-not-found.ts";

/** The API as an app: everything but listening. */
export function createApp(parts: ApiParts): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const door = createDoor(parts);
  app.onError(createErrorHandler(parts));
  app.notFound(createNotFoundHandler(app));
  app.use("*", observeRequests(parts));
  app.use("*", createGate(parts));
  app.use("/api/*", door);
  app.use("/metrics", door);
  app.route("/api", campaignRoutes(parts));
  app.route("/api/jobs", jobRoutes(parts));
  app.route("/api/jobs", controlRoutes());
  app.route("/api/jobs", resultRoutes(parts));
  app.route("/api/jobs", eraseRoutes());
  app.route("/api/suppressions", suppressionRoutes(parts));
  app.route("/api/people", peopleRoutes());
  app.route("/", eventRoutes(parts));
  app.route("/", operationRoutes(parts));
  app.route(
    "/",
    documentRoutes(parts, () => openApiDocument(app, engineVersion)),
  );
  return app;
}
