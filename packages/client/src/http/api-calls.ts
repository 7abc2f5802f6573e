import type { ApiLink } from "./api-link.ts";
import { callApi, type RepeatedCall } from "./call-api.ts";
import { type AnswerSchema, checkedAnswer } from "./checked-answer.ts";

/** A request that changes something, or that needs a body. */
export type Sending = Omit<RepeatedCall, "path" | "repeatable" | "timeoutMs" | "withKey">;

/** Plain requests, with their answers checked. */
export interface ApiCalls {
  get<T>(path: string, schema: AnswerSchema<T>): Promise<T>;
  /**
   * For what changes nothing, or comes to the same when it is done twice: it is made again when it may not have
   * arrived.
   */
  repeat<T>(path: string, schema: AnswerSchema<T>, sending: Sending): Promise<T>;
  /** For everything else: it is not made again once it may have arrived. */
  once<T>(path: string, schema: AnswerSchema<T>, sending: Sending): Promise<T>;
}

/** {@link ApiCalls} over a link. */
export function createCalls(link: ApiLink): ApiCalls {
  const call = <T>(request: RepeatedCall, schema: AnswerSchema<T>) =>
    callApi(link, request, (answer) => checkedAnswer(link, answer, schema));
  return {
    get: (path, schema) => call({ method: "GET", path, repeatable: true }, schema),
    repeat: (path, schema, sending) => call({ ...sending, path, repeatable: true }, schema),
    once: (path, schema, sending) => call({ ...sending, path, repeatable: false }, schema),
  };
}
