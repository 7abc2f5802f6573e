import { type Digest, digestText, type SourceCall, type SourcePreflight } from "@cmo/engine";
import * as v from "valibot";
import { readScopes } from "../http/header.ts";
import { emailScopeDocument, viewerDataSchema, viewerDocument } from "../query/preflight.ts";
import type { EmailAccess } from "./people.ts";
import { type Asker, askUntilAnswered, readAnswer, scopeError } from "./question.ts";

/**
 * Whose token it is, and whether it may read addresses together with profiles. When it may not, `access` says so from
 * now on, and a note says which scope would save how many requests.
 */
export async function checkAccess(context: {
  asker: Asker;
  access: EmailAccess;
  digest: Digest;
  host: string;
  /** Stands for the token. */
  credentials: string;
  call: SourceCall;
}): Promise<SourcePreflight> {
  const { asker, access, digest, host, credentials, call } = context;
  const ask = (document: string, variables: Record<string, unknown>) =>
    askUntilAnswered(
      asker,
      () => asker.client.graphql({ tool: "github.preflight", document, variables }, call),
      call,
    );

  const first = await ask(viewerDocument, {});
  const missing = scopeError(first.verdict.errors, first.where);
  if (missing !== null) throw missing;
  const { viewer } = readAnswer(viewerDataSchema, first.verdict.data, first.where);
  const scopes = readScopes(first.headers, "x-oauth-scopes");

  if (viewer !== null) {
    const second = await ask(emailScopeDocument, { login: viewer.login });
    const isRefused = second.verdict.errors.some(
      (error) => error.type === "INSUFFICIENT_SCOPES" || error.type === "FORBIDDEN",
    );
    if (isRefused) access.withProfile = false;
  }
  const seen = digestText(digest, JSON.stringify([host, viewer?.id ?? null, scopes, access.withProfile]));
  return {
    viewer: `${host}/${seen.slice(0, 16)}`,
    notes: access.withProfile ? [] : [{ code: "source.scope.email", message: emailNote }],
    access: { credentials, withProfile: access.withProfile } satisfies v.InferOutput<typeof accessSchema>,
  };
}

/** Takes in what {@link checkAccess} found out before a restart, if it was about the same token. */
export function recallAccess(value: unknown, credentials: string, access: EmailAccess): void {
  const parsed = v.safeParse(accessSchema, value);
  if (parsed.success && parsed.output.credentials === credentials && !parsed.output.withProfile)
    access.withProfile = false;
}

const accessSchema = v.object({ credentials: v.string(), withProfile: v.boolean() });

const emailNote =
  "The token may not read addresses together with profiles, so each person costs one more request: 1,000 people take 1,010 requests instead of 10. Give it the scope user:email (or read:user) to save them.";
