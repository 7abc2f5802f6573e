import type { QueryDisturbance } from "../graphql/query-context.ts";
import { hash32, hashText } from "../random/hash.ts";
import { TRAIT } from "../world/trait.ts";
import type { FaultName, FaultRule } from "./fault-rule.ts";

/** Faults that decide the whole answer. */
export type DecisiveFault = Exclude<
  FaultName,
  "slow" | "resource_limits" | "not_found_ids" | "missing_scope" | "empty_repository"
>;

/** What the faults of one request amount to. */
export interface FaultEffect {
  delayMs: number;
  /** The first rule that decides the answer. */
  decisive: (FaultRule & { fault: DecisiveFault }) | null;
  /** The token lacks what e-mail addresses need. */
  withoutScope: boolean;
  disturbance: QueryDisturbance;
}

/** @param ordinal number of the request: parts that run out of resources are others each time */
export function combineFaults(rules: readonly FaultRule[], seed: number, ordinal: number): FaultEffect {
  const concerned = (fault: FaultName, key: string, standard: number, salt: number): boolean =>
    rules.some((rule) => {
      if (rule.fault !== fault) return false;
      if (rule.ids !== undefined) return rule.ids.includes(key);
      return hash32(seed ^ salt, hashText(key), TRAIT.vanished) / 0x1_0000_0000 < (rule.share ?? standard);
    });
  return {
    delayMs: rules.reduce((sum, rule) => sum + (rule.fault === "slow" ? (rule.delayMs ?? 2000) : 0), 0),
    decisive: rules.find(isDecisive) ?? null,
    withoutScope: rules.some((rule) => rule.fault === "missing_scope"),
    disturbance: {
      // Who is gone stays gone: by the id alone.
      isVanished: (id) => /^(U|BOT)_/.test(id) && concerned("not_found_ids", id, 0.05, 0),
      isEmptied: (id) => concerned("empty_repository", id, 0.2, 1),
      isOverLimit: (key) => concerned("resource_limits", key, 0.5, ordinal * 97),
    },
  };
}

function isDecisive(rule: FaultRule): rule is FaultRule & { fault: DecisiveFault } {
  switch (rule.fault) {
    case "slow":
    case "resource_limits":
    case "not_found_ids":
    case "missing_scope":
    case "empty_repository":
      return false;
    case "bad_gateway":
    case "socket_reset":
    case "rate_limited":
    case "secondary_limit":
    case "too_many_requests":
    case "timeout_message":
    case "revoked_token":
    case "redirect":
    case "forbidden":
      return true;
    default:
      throw rule.fault satisfies never;
  }
}
