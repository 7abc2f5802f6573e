import { hash32, hashText, unit } from "../random/hash.ts";
import { TRAIT } from "../world/trait.ts";
import type { FaultRule, OperationKind } from "./fault-rule.ts";

/** Decides which faults a request meets. */
export interface FaultPlan {
  /** Counts a request of this kind and gives the rules that fire on it, in the order of the script. */
  next(operation: OperationKind): readonly FaultRule[];
}

/** The same seed, rules and sequence of requests per operation meet the same faults, whatever runs beside them. */
export function createFaultPlan(seed: number, rules: readonly FaultRule[]): FaultPlan {
  const counts = new Map<OperationKind | "any", number>();
  const fired = new Map<FaultRule, number>();
  const count = (kind: OperationKind | "any") => {
    const next = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, next);
    return next;
  };
  return {
    next(operation) {
      const own = count(operation);
      const any = count("any");
      return rules.filter((rule, position) => {
        if (rule.operation !== undefined && rule.operation !== operation) return false;
        const ordinal = rule.operation === undefined ? any : own;
        const before = fired.get(rule) ?? 0;
        if (rule.times !== undefined && before >= rule.times) return false;
        if (!fires(seed, rule, position, operation, own, ordinal)) return false;
        fired.set(rule, before + 1);
        return true;
      });
    },
  };
}

function fires(
  seed: number,
  rule: FaultRule,
  position: number,
  operation: OperationKind,
  own: number,
  ordinal: number,
): boolean {
  if (rule.at !== undefined && (rule.fault === "revoked_token" ? ordinal < rule.at : ordinal !== rule.at))
    return false;
  if (rule.every !== undefined && ordinal % rule.every !== 0) return false;
  if (rule.rate === undefined) return true;
  // By the operation's own count: how requests of different kinds interleave must not change what they meet.
  const chance = hash32(seed, hashText(`${rule.fault}/${operation}/${position}`), TRAIT.fault);
  return unit(chance, own, TRAIT.fault) < rule.rate;
}
