export type { ApiEnv, Caller } from "./app/api-env.ts";
export { type ApiLimits, defaultApiLimits } from "./app/api-limits.ts";
export type { ApiParts } from "./app/api-parts.ts";
export { type ApiPartsOptions, apiPartsOf } from "./app/api-parts-of.ts";
export { createApp } from "./app/create-app.ts";
export { type ConsoleFiles, readConsole } from "./console/console-files.ts";
export { type ListeningApp, type ListenOptions, listen } from "./server/listen.ts";
export { type ServeContext, serve } from "./server/serve.ts";
export { type ServeOptions, usualPort } from "./server/serve-options.ts";
