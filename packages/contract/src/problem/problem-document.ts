import { CmoError, type ErrorCode, errorCodes, type Problem } from "@cmo/engine";
import * as v from "valibot";

/** One thing that is wrong with a request: where it is, and how to mend it. */
export const fieldProblemSchema = v.object({
  path: v.pipe(
    v.array(v.string()),
    v.description("The way to the value, such as params, stars_range; empty for the whole request."),
  ),
  message: v.string(),
  suggestion: v.exactOptional(v.string()),
  line: v.exactOptional(v.number()),
  column: v.exactOptional(v.number()),
});

/** The media type of {@link ProblemDocument} (RFC 9457, section 6.1). */
export const problemMediaType = "application/problem+json";

/** What every error answer of the API holds (RFC 9457), with the engine's error code. */
export const problemDocumentSchema = v.pipe(
  v.object({
    type: v.pipe(v.string(), v.description("urn:cmo:error: and the code.")),
    title: v.string(),
    status: v.number(),
    detail: v.string(),
    code: v.picklist(errorCodes),
    hint: v.pipe(v.nullable(v.string()), v.description("What to do now.")),
    retryable: v.boolean(),
    problems: v.exactOptional(v.array(fieldProblemSchema)),
  }),
  v.metadata({ ref: "Problem" }),
);

/** See {@link problemDocumentSchema}. */
export type ProblemDocument = v.InferOutput<typeof problemDocumentSchema>;

/** What can be said beside the error itself. */
export interface ProblemDetails {
  /** In place of the status of the error. */
  status?: number;
  /** Everything that is wrong with the request, in place of the error's own problems. */
  problems?: readonly Problem[];
}

/** An error as its problem document. The error's message must be fit to be shown: secrets are taken out before. */
export function problemDocumentOf(error: CmoError, details: ProblemDetails = {}): ProblemDocument {
  const { code, message, hint, retryable } = error;
  const problems = details.problems ?? error.problems;
  return {
    type: `urn:cmo:error:${code}`,
    title: titles[code],
    status: details.status ?? statusOf(error),
    detail: message,
    code,
    hint,
    retryable,
    ...(problems.length === 0 ? {} : { problems: problems.map(fieldProblemOf) }),
  };
}

/**
 * A conflict with the state of a job is 409. One that names what is wrong with the request itself (an idempotency key
 * that was used for another one) stays so whatever becomes of the job: 422.
 */
function statusOf({ code, problems }: CmoError): number {
  return code === "conflict" && problems.length > 0 ? 422 : statuses[code];
}

/** A problem with only what the contract names, so that nothing of the request is echoed by accident. */
export function fieldProblemOf(problem: Problem): v.InferOutput<typeof fieldProblemSchema> {
  const { path, message, suggestion, line, column } = problem;
  return {
    path: [...path],
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}

/** The HTTP status of an error code. */
export function statusOfError(code: ErrorCode): number {
  return statuses[code];
}

/**
 * The error that a problem document tells of, as this side of the wire throws it: code, message, hint, `retryable` and
 * `problems` are those of the error that the document was made of.
 */
export function errorOfProblem(document: ProblemDocument, retryAfterMs: number | null = null): CmoError {
  const { code, detail, hint, retryable, problems = [] } = document;
  return new CmoError(code, detail, {
    ...(hint === null ? {} : { hint }),
    retryable,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    problems: problems.map(fieldProblemOf),
  });
}

const statuses: Readonly<Record<ErrorCode, number>> = {
  config_invalid: 422,
  config_unreadable: 422,
  usage: 400,
  not_found: 404,
  conflict: 409,
  unauthenticated: 401,
  missing_scope: 403,
  forbidden: 403,
  rate_limited: 429,
  quota_exhausted: 429,
  source_unavailable: 503,
  source_rejected: 502,
  source_answer_invalid: 502,
  timeout: 504,
  cancelled: 409,
  limit_reached: 409,
  lease_lost: 409,
  nondeterministic_task: 500,
  invariant_violated: 500,
  store_unavailable: 503,
  store_corrupt: 500,
  store_newer: 500,
  job_newer: 409,
  export_failed: 500,
  bundle_invalid: 422,
  bundle_newer: 422,
  not_recorded: 422,
  agent_failed: 500,
  api_unreachable: 502,
  api_refused: 403,
  internal: 500,
};

const titles: Readonly<Record<ErrorCode, string>> = {
  config_invalid: "The campaign's config is not right",
  config_unreadable: "The campaign's config cannot be read",
  usage: "The request is not right",
  not_found: "Not found",
  conflict: "Not possible in this state",
  unauthenticated: "No key, or a wrong one",
  missing_scope: "A scope is missing",
  forbidden: "Not allowed",
  rate_limited: "Too many requests",
  quota_exhausted: "The quota is used up",
  source_unavailable: "The source does not answer",
  source_rejected: "The source refused",
  source_answer_invalid: "The source's answer cannot be read",
  timeout: "It took too long",
  cancelled: "Cancelled",
  limit_reached: "A limit was reached",
  lease_lost: "Another worker has the job",
  nondeterministic_task: "The agent asked the same item another question",
  invariant_violated: "Something that must always hold does not",
  store_unavailable: "The store does not answer",
  store_corrupt: "The store cannot be read",
  store_newer: "The store is of a newer version",
  job_newer: "The job is of a newer version",
  export_failed: "A file could not be made",
  bundle_invalid: "The bundle is not what was written",
  bundle_newer: "The bundle is of a newer version",
  not_recorded: "The recording does not hold it",
  agent_failed: "The agent failed",
  api_unreachable: "The API does not answer",
  api_refused: "The API refused",
  internal: "An error of ours",
};
