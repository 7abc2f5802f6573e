import type { LeadSources } from "@cmo/agent";
import { CmoError, canonicalJson, type Digest, digestText, type JobSpec } from "@cmo/engine";
import { resolveGitHubEndpoints } from "@cmo/github";
import type { Environment } from "../host/host.ts";
import { leadsToStandIn } from "./stand-in.ts";

/**
 * Which jobs use each other's answers: those that ask the same GitHub, or the same simulated world as it is on the same
 * day, for the same tenant: tenants have nothing of each other. Whose credentials see the same is the agent's to add. None does with `CMO_CACHE=off`. `fresh` jobs use nobody's,
 * and offer their own.
 * @throws CmoError `config_invalid` for a value of `CMO_CACHE` that is none, or an address that cannot be used.
 */
export function answerScopesOf(
  spec: JobSpec,
  { tenant, env, digest, fresh }: { tenant: string; env: Environment; digest: Digest; fresh: boolean },
): Pick<LeadSources, "cacheScope" | "mailScope" | "cacheMaxAgeMs"> {
  if (!isCacheOn(env)) return { cacheScope: null, mailScope: null };
  return {
    cacheScope: `${tenant} ${scopeOf(spec, env, digest)}`,
    // Answers that cost nothing are not worth a place.
    mailScope: spec.source.mail === "dns" ? `${tenant} ${mailScopeOf(spec, env)}` : null,
    ...(fresh ? { cacheMaxAgeMs: 0 } : {}),
  };
}

/** Whether jobs may use each other's answers. @throws CmoError `config_invalid` for a value that is none. */
export function isCacheOn({ CMO_CACHE: text }: Environment): boolean {
  if (text === "off") return false;
  if (text === undefined || text === "" || text === "on") return true;
  throw new CmoError("config_invalid", `CMO_CACHE is neither on nor off: ${JSON.stringify(text)}.`, {
    hint: "Set it to off to have every job ask for itself, or not at all.",
  });
}

function scopeOf(spec: JobSpec, env: Environment, digest: Digest): string {
  if (spec.source.type === "github") {
    return `github ${new URL(resolveGitHubEndpoints(env).apiUrl).origin}`;
  }
  // How fast a world answers, and how much at once, changes no answer.
  const { concurrency: _concurrency, latencyMs: _latencyMs, mail: _mail, ...world } = spec.source;
  const worldDigest = digestText(digest, canonicalJson({ ...world, day: spec.asOf.slice(0, 10) }));
  return `simulator ${worldDigest.slice(0, 32)}`;
}

function mailScopeOf(spec: JobSpec, env: Environment): string {
  const hasImaginary = spec.source.type === "github" && leadsToStandIn(env);
  return `dns${hasImaginary ? " and imaginary domains" : ""}`;
}
