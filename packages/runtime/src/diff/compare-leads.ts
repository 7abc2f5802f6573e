import type { ChangedLead, MovedLead } from "@cmo/contract";
import { canonicalJson, digestText, type Lead, type ScoreReason, withoutFetchTimes } from "@cmo/engine";
import { nodeDigest } from "../host/node-digest.ts";
import { compareValues } from "./compare-values.ts";

/** Names what a lead says, but for its rank and the times of asking: 96 bits, as many leads are kept in mind. */
export function leadDigest(lead: Lead): string {
  return digestText(nodeDigest, canonicalJson(comparable(lead))).slice(0, 24);
}

/** Who a lead is. */
export function personOf({ nodeId, login, name }: Lead): Pick<MovedLead, "nodeId" | "login" | "name"> {
  return { nodeId, login, name };
}

/** What is not the same in two leads of one person. */
export function compareLeads(a: Lead, b: Lead): Pick<ChangedLead, "fields" | "signals"> {
  const { reasons: reasonsA, ...restA } = comparable(a);
  const { reasons: reasonsB, ...restB } = comparable(b);
  const fields = compareValues(restA, restB);
  const signals = compareSignals(reasonsA, reasonsB);
  // The same signals in another order.
  const order = signals.length === 0 ? compareValues(reasonsA, reasonsB, "reasons") : [];
  return { fields: [...fields, ...order], signals };
}

function comparable(lead: Lead): Lead {
  return { ...withoutFetchTimes(lead), rank: 0 };
}

function compareSignals(a: readonly ScoreReason[], b: readonly ScoreReason[]): ChangedLead["signals"] {
  const names = new Set([...a, ...b].map(({ signal }) => signal));
  return [...names].flatMap((signal) => {
    const [one, other] = [reasonOf(a, signal), reasonOf(b, signal)];
    return canonicalJson(one) === canonicalJson(other) ? [] : [{ signal, a: one, b: other }];
  });
}

function reasonOf(reasons: readonly ScoreReason[], signal: string): ChangedLead["signals"][number]["a"] {
  const found = reasons.find((reason) => reason.signal === signal);
  return found === undefined ? null : { points: found.points, evidence: found.evidence };
}
