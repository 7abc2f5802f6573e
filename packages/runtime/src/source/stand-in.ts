import { resolveGitHubEndpoints } from "@cmo/github";
import type { Environment } from "../host/host.ts";

/**
 * Whether `GITHUB_API_URL` leads to a stand-in on this machine: plain http, which is accepted on the loopback only.
 * False for an address that cannot be used; the first question will say what is wrong with it.
 */
export function leadsToStandIn(env: Environment): boolean {
  try {
    return new URL(resolveGitHubEndpoints(env).apiUrl).protocol === "http:";
  } catch {
    return false;
  }
}
