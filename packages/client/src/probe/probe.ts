import * as v from "valibot";
import type { ApiLink } from "../http/api-link.ts";
import { exchange } from "../http/exchange.ts";

/** Why an API cannot be used. */
export type ProbeReason =
  /** Nobody listens there, or the connection breaks. */
  | "refused"
  /** Nothing came in time. */
  | "timeout"
  /** Somebody answers, and it is not cmo. */
  | "not_cmo"
  /** cmo, which says that it is not well. */
  | "unhealthy";

/** What a probe found. */
export type Probe =
  | { readonly reachable: true; readonly version: string }
  | { readonly reachable: false; readonly reason: ProbeReason; readonly message: string };

/** Asks whether cmo is there, once. The key stays here: it is not known yet who answers. Never rejects. */
export async function probeApi(link: ApiLink, timeoutMs: number): Promise<Probe> {
  const outcome = await exchange(
    link,
    { method: "GET", path: "/healthz", timeoutMs, withKey: false },
    async ({ response }) => ({
      version: response.headers.get("cmo-api"),
      isOk: response.ok && isHealthy(await response.text()),
    }),
  );
  const { base } = link.address;
  if (!outcome.ok) {
    const { error, reason } = outcome;
    return { reachable: false, reason: reason === "timeout" ? "timeout" : "refused", message: error.message };
  }
  const { version, isOk } = outcome.value;
  if (version === null) {
    return { reachable: false, reason: "not_cmo", message: `What answers at ${base} is not cmo.` };
  }
  return isOk
    ? { reachable: true, version }
    : { reachable: false, reason: "unhealthy", message: `cmo at ${base} says that it is not well.` };
}

function isHealthy(text: string): boolean {
  try {
    return v.is(healthSchema, JSON.parse(text));
  } catch {
    return false;
  }
}

const healthSchema = v.object({ ok: v.literal(true) });
