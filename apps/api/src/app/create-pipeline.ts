import type { Context } from "hono";
import { identified, observeRequests } from "../operation/observe-requests.ts";
import { createDoor, createGate } from "../security/create-gate.ts";
import type { ApiEnv } from "./api-env.ts";
import type { ApiParts } from "./api-parts.ts";
import { createErrorHandler } from "./handle-error.ts";

/** What answers a request. */
export type Answerer = (context: Context<ApiEnv>) => Response | Promise<Response>;

/**
 * What every request goes through, around what answers it: it is counted and told of, looked at, let in where that needs
 * a key, and an error becomes its problem document. One function and no chain of middleware, which would cost a JSON
 * answer as much as a look into the store.
 */
export function createPipeline(
  parts: ApiParts,
): (answer: Answerer, needsKey: boolean, pattern?: string) => Answerer {
  const observe = observeRequests(parts);
  const gate = createGate(parts);
  const enter = createDoor(parts);
  const tellError = createErrorHandler(parts);

  return (answer, needsKey, pattern) => async (context) => {
    const answerOrTell = async () => {
      try {
        gate(context);
        if (needsKey) enter(context);
        context.res = identified(await answer(context), context);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        context.res = identified(tellError(error, context), context);
      }
    };
    await observe(context, answerOrTell, pattern);
    return context.res;
  };
}
