import { errorOfProblem, type ProblemDocument, problemDocumentSchema } from "@cmo/contract";
import { CmoError } from "@cmo/engine";
import * as v from "valibot";
import type { ApiLink } from "./api-link.ts";
import { readRetryAfterMs } from "./retry-after.ts";

/** Gives the answer back when it tells of success. @throws CmoError what it tells of otherwise. */
export async function successful(link: ApiLink, response: Response): Promise<Response> {
  if (response.ok) return response;
  // A browser tells of a redirect that it did not follow, and nothing more.
  if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
    throw notOurs(link, `redirects to ${originOf(link, response)}, and is not followed there`);
  }
  const retryAfterMs = readRetryAfterMs(response.headers, link.clock.now());
  const document = readProblem(await response.text());
  throw document === null
    ? errorOfStatus(link, response.status, retryAfterMs)
    : errorOfDocument(link, document, { status: response.status, retryAfterMs });
}

/** The error for an answer that is none of the API's. */
export function notOurs(link: ApiLink, what: string): CmoError {
  return new CmoError("api_unreachable", `${link.address.base} ${what}.`, {
    hint: "Is CMO_API_URL the address of cmo? If it is, it may be of another version than this one.",
    retryable: false,
  });
}

/** The problem document in a text; null when there is none. A code of a newer server becomes that of the status. */
function readProblem(text: string): ProblemDocument | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const known = v.safeParse(problemDocumentSchema, value);
  if (known.success) return known.output;
  const strange = v.safeParse(strangeProblemSchema, value);
  if (!strange.success) return null;
  const { status } = strange.output;
  const code =
    status === 404 ? "not_found" : status === 409 ? "conflict" : status < 500 ? "usage" : "internal";
  return { ...strange.output, code, type: "about:blank", title: "" };
}

const strangeProblemSchema = v.object({
  status: v.number(),
  detail: v.string(),
  code: v.string(),
  hint: v.nullish(v.string(), null),
  retryable: v.optional(v.boolean(), false),
});

function errorOfDocument(
  link: ApiLink,
  document: ProblemDocument,
  { status, retryAfterMs }: { status: number; retryAfterMs: number | null },
): CmoError {
  const detail = link.withoutKey(document.detail);
  if (status === 401 || status === 403) return refused(link, detail, document.hint);
  const hint = document.hint === null ? null : link.withoutKey(document.hint);
  const problems = document.problems?.map((one) => ({ ...one, message: link.withoutKey(one.message) }));
  return errorOfProblem(
    { ...document, detail, hint, ...(problems === undefined ? {} : { problems }) },
    retryAfterMs,
  );
}

function errorOfStatus(link: ApiLink, status: number, retryAfterMs: number | null): CmoError {
  const later = retryAfterMs === null ? {} : { retryAfterMs };
  if (status === 401 || status === 403)
    return refused(link, `${link.address.base} answered ${status}.`, null);
  if (status === 429) {
    return new CmoError("rate_limited", `${link.address.base} answered 429: too many requests.`, later);
  }
  if (status < 500) return notOurs(link, `answered ${status}, and not as cmo does`);
  // A proxy whose server is away.
  return new CmoError("api_unreachable", `${link.address.base} answered ${status}.`, {
    hint: "The server behind that address does not answer. It is worth another try.",
    ...later,
  });
}

function refused(link: ApiLink, message: string, hint: string | null): CmoError {
  const advice = link.hasKey
    ? "Look at CMO_API_KEY: the key that was sent is not one that may do this."
    : "Set CMO_API_KEY to a key of that server.";
  const told = hint === null ? "" : `${link.withoutKey(hint)} `;
  return new CmoError("api_refused", message, { hint: `${told}${advice}` });
}

/** Nothing but the origin: what follows may hold somebody's secret. */
function originOf({ address }: ApiLink, response: Response): string {
  const location = response.headers.get("location") ?? "";
  const isAddress = location !== "" && URL.canParse(location, address.base);
  return isAddress ? new URL(location, address.base).origin : "another address";
}
