import { problemDocumentOf, problemDocumentSchema, problemMediaType } from "@cmo/contract";
import { CmoError, type ErrorCode } from "@cmo/engine";
import { resolver } from "hono-openapi";

/** Statuses of problem documents, with what they say. */
const refusals = {
  400: "The request is not right; `problems` says where.",
  401: "No key, or a wrong one.",
  403: "Not allowed.",
  404: "There is no such thing, or it is somebody else's.",
  405: "This address does not take that method; `Allow` says which it takes.",
  409: "Not possible in this state.",
  413: "The body is too large.",
  414: "The address is too long.",
  415: "The body is not of a type that is taken.",
  421: "A server without keys answers only to the names of its own machine.",
  422: "The campaign's config is not right; or the idempotency key was used for another request.",
  429: "Too many requests with this key; `Retry-After` says when.",
  500: "An error of ours.",
  503: "The store does not answer; worth another try.",
} as const;
/** A status of a problem document. */
export type RefusalStatus = keyof typeof refusals;

/** Every refusal has its answer once in the document, and is only named where it is given. */
export function refusalReference(status: RefusalStatus) {
  return { $ref: `#/components/responses/${refusalName(status)}` };
}

function refusalName(status: number | string): string {
  return `Refused${status}`;
}

/** The answers of refusals, for the document's components. */
export function refusalResponses() {
  return Object.fromEntries(
    Object.entries(refusals).map(([status, description]) => [
      refusalName(status),
      {
        description,
        content: {
          [problemMediaType]: {
            schema: resolver(problemDocumentSchema),
            example: refusalExample(Number(status)),
          },
        },
      },
    ]),
  );
}

function refusalExample(status: number) {
  const { code, message, hint } = refusalErrors[status] ?? {
    code: "usage",
    message: "The request is not right.",
  };
  return problemDocumentOf(new CmoError(code, message, hint === undefined ? {} : { hint }), { status });
}

const refusalErrors: Readonly<Record<number, { code: ErrorCode; message: string; hint?: string }>> = {
  401: { code: "unauthenticated", message: "A key is needed.", hint: "Make one with: cmo keys create." },
  403: { code: "forbidden", message: "Pages of other places may not use this server." },
  404: { code: "not_found", message: "There is no job job_00000000000000000000 in this store." },
  409: { code: "conflict", message: "A job that is completed cannot be paused." },
  421: { code: "forbidden", message: "This server is only for this machine." },
  422: { code: "config_invalid", message: "The campaign has one problem; nothing was started." },
  429: { code: "rate_limited", message: "This key has made too many requests." },
  500: {
    code: "internal",
    message: "Something went wrong on this side.",
    hint: "It is in the server's log.",
  },
  503: { code: "store_unavailable", message: "The store does not answer." },
};
