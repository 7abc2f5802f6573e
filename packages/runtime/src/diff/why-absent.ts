import { knownTask, profileTask, readKnownAnswer, readStoredProfile, type StoredProfile } from "@cmo/agent";
import type { AbsentLead, Difference } from "@cmo/contract";
import { type Job, type JobStatus, type Lead, type RunSummary, suppressionEntriesOf } from "@cmo/engine";
import type { ServiceRuntime } from "../service/service-parts.ts";
import { searchKeys } from "./compare-specs.ts";

/** A job in which somebody is not a lead. */
export interface AbsentFrom {
  readonly job: Job;
  readonly summary: RunSummary;
  /** How its spec differs from that of the job in which they are one. */
  readonly spec: readonly Difference[];
}

/** Says for each lead of one job, in their order, why it is none of the other; and of whom nothing is to be told. */
export async function explainAbsence(
  { engine, store }: Pick<ServiceRuntime, "engine" | "store">,
  leads: readonly Lead[],
  other: AbsentFrom,
): Promise<AbsentLead[]> {
  const ids = leads.map(({ nodeId }) => nodeId);
  const answers = await store.readTaskResults(other.job.id, profileTask, ids);
  const known = await knownAmong(ids);
  const bySpec = new Set(other.job.spec.suppress.map(({ hash }) => hash));
  return Promise.all(
    leads.map(async (lead) => {
      const answer = answers.get(lead.nodeId);
      const stored = answer === undefined ? null : readStoredProfile(answer.value);
      const wish = await wishOf(stored);
      if (wish !== null) return { person: null, lead: null, reason: wish };
      const { nodeId, login, name, rank, score, contactable } = lead;
      return {
        person: { nodeId, login, name },
        lead: { rank, score, contactable },
        reason: known.has(nodeId) ? beforeIt : reasonOf(stored, other),
      };
    }),
  );

  async function knownAmong(nodeIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (other.job.spec.onlyNew === undefined) return new Set();
    const results = await store.readTaskResults(other.job.id, knownTask, nodeIds);
    const isKnown = (value: string) => readKnownAnswer(JSON.parse(value)).known;
    return new Set([...results].filter(([, { value }]) => isKnown(value)).map(([id]) => id));
  }

  /** What the person themselves wants, as far as the other job was told: then nobody is told of them. */
  async function wishOf(stored: StoredProfile | null): Promise<AbsentLead["reason"] | null> {
    if (stored === null) return null;
    if (stored.wasSuppressed || (await isSuppressed(stored))) {
      return { code: "suppressed", text: "left out at their own wish" };
    }
    return stored.refuses ? { code: "refused", text: "their profile asks not to be contacted" } : null;
  }

  /** By what their profile says there: it may name an address that the lead of the first job does not have. */
  async function isSuppressed({ profile }: StoredProfile): Promise<boolean> {
    if (profile === null) return false;
    const hashes = (await engine.hashSuppression(suppressionEntriesOf(profile))).map(({ hash }) => hash);
    const listed = await store.findSuppressed(hashes);
    return hashes.some((hash) => bySpec.has(hash) || listed.has(hash));
  }
}

const beforeIt = { code: "known", text: "exported before that job, which counts only who is new" } as const;

function cutShortText(status: JobStatus): string {
  if (status === "failed") return "that job failed before its end";
  return status === "cancelled"
    ? "that job was cancelled before its end"
    : "that job ended before it was done";
}

function reasonOf(stored: StoredProfile | null, { job, summary, spec }: AbsentFrom): AbsentLead["reason"] {
  if (stored !== null && stored.profile === null) {
    return { code: "unavailable", text: "its profile could not be had" };
  }
  if (job.status !== "completed" || summary.partial === true) {
    return { code: "cut_short", text: cutShortText(job.status) };
  }
  const { targetLeads } = job.spec;
  const target = targetLeads === 1 ? "its one lead" : `its ${targetLeads} leads`;
  if (stored !== null) {
    return summary.targetMet === true
      ? { code: "over_target", text: `that job had ${target} without them` }
      : { code: "not_counted", text: "that job knows their profile and did not count them" };
  }
  const keys = searchKeys(spec);
  if (keys.length > 0) {
    return {
      code: "not_found",
      text: `never asked about there; it searched with another ${keys.join(", ")}`,
    };
  }
  return summary.targetMet === true
    ? { code: "target_reached", text: `never asked about there; that job had ${target} by then` }
    : { code: "not_found", text: "never asked about there; its searches did not come to them" };
}
