import { asKnownEvent, type JobEvent, type KnownJobEvent } from "../event/job-event.ts";
import { isTerminalStatus, type JobStatus } from "../job/job-status.ts";
import { noteOfError, type SummaryCounts, type SummaryNote, type SummaryState } from "./summary-state.ts";

/** At most this many warnings, and this many errors, are kept; the same bound as in progress (rule 8). */
const maxNotes = 100;

/** The metrics that are counts of the summary. */
const countOfMetric: ReadonlyMap<string, keyof SummaryCounts> = new Map([
  ["repos_claimed", "reposClaimed"],
  ["repos_matched", "reposMatched"],
  ["repos_opened", "reposOpened"],
  ["candidates", "candidates"],
  ["profiles", "profiles"],
  ["leads", "leads"],
  ["leads_with_email", "leadsWithEmail"],
  ["contactable", "contactable"],
]);

/**
 * The summary after one more event. The same object for an event that no summary tells of, one of an unknown type, and
 * one after the end. Never throws on a known log.
 */
export function reduceSummary(summary: SummaryState, event: JobEvent): SummaryState {
  if (irrelevant(event.type) || asKnownEvent(event) === null || hasEnded(summary)) return summary;
  const draft = draftOf(summary);
  apply(draft, event);
  return draft;
}

/** What reducing one by one gives; copies once. */
export function foldSummary(summary: SummaryState, events: Iterable<JobEvent>): SummaryState {
  const draft = draftOf(summary);
  for (const event of events) apply(draft, event);
  return draft;
}

type Draft = {
  -readonly [K in keyof SummaryState]: SummaryState[K] extends readonly (infer Item)[]
    ? Item[]
    : K extends "counts" | "quota" | "versions"
      ? { -readonly [P in keyof SummaryState[K]]: SummaryState[K][P] }
      : SummaryState[K];
};

function draftOf(summary: SummaryState): Draft {
  return {
    ...summary,
    plan: [...summary.plan],
    counts: { ...summary.counts },
    stages: [...summary.stages],
    quota: { ...summary.quota },
    warnings: [...summary.warnings],
    errors: [...summary.errors],
    artifacts: [...summary.artifacts],
    versions: { ...summary.versions },
  };
}

function hasEnded(summary: { readonly status: JobStatus | null }): boolean {
  return summary.status !== null && isTerminalStatus(summary.status);
}

function irrelevant(type: string): boolean {
  return (
    type === "stage.progress" ||
    type === "stage.started" ||
    type === "tool.started" ||
    type === "quota.updated"
  );
}

function apply(draft: Draft, raw: JobEvent): void {
  if (irrelevant(raw.type)) return;
  const event = asKnownEvent(raw);
  if (event === null || hasEnded(draft)) return;
  draft.jobId ??= event.jobId;
  switch (event.type) {
    case "metrics":
      applyMetrics(draft, event.data.metrics);
      return;
    case "tool.completed":
      applyTool(draft, event.data);
      return;
    case "stage.completed":
      applyStage(draft, event.data);
      return;
    case "artifact.created":
      draft.artifacts = [
        ...draft.artifacts.filter((artifact) => artifact.kind !== event.data.kind),
        event.data,
      ];
      return;
    case "log":
      if (event.data.level === "warning") note(draft.warnings, { ...pick(event.data), hint: null });
      if (event.data.level === "error") note(draft.errors, { ...pick(event.data), hint: null });
      return;
    case "quota.waiting": {
      const waited = Date.parse(event.data.until) - Date.parse(event.at);
      if (waited > 0) draft.quota.waitedMs += waited;
      return;
    }
    case "stage.started":
    case "stage.progress":
    case "tool.started":
    case "quota.updated":
      return;
    default:
      applyJob(draft, event);
  }
}

function applyJob(draft: Draft, event: Extract<KnownJobEvent, { type: `job.${string}` }>): void {
  switch (event.type) {
    case "job.queued":
      draft.status = "queued";
      draft.plan = [...event.data.plan];
      draft.goal = event.data.goal;
      draft.icp = event.data.icp;
      draft.purpose = event.data.purpose ?? null;
      draft.basis = event.data.basis ?? null;
      draft.targetLeads = event.data.targetLeads;
      draft.parentJobId = event.data.parentJobId ?? null;
      if (event.data.baselineJobId !== undefined) draft.baselineJobId = event.data.baselineJobId;
      draft.versions = {
        agent: event.data.agent,
        engine: event.data.engineVersion,
        config: event.data.configVersion ?? null,
        specDigest: event.data.specDigest,
      };
      return;
    case "job.started":
      draft.status = "running";
      draft.startedAt ??= event.at;
      draft.attempts = Math.max(draft.attempts, event.data.attempt);
      return;
    case "job.resumed":
      draft.status = "running";
      return;
    case "job.paused":
      draft.status = "paused";
      return;
    case "job.retrying":
      draft.status = "queued";
      note(draft.warnings, {
        code: event.data.error.code,
        message: `Attempt ${event.data.attempt} failed: ${event.data.error.message}`,
        hint: event.data.error.hint,
      });
      return;
    case "job.completed":
      end(draft, "completed", event.at, false);
      draft.targetMet = event.data.targetMet;
      return;
    case "job.failed":
      note(draft.errors, noteOfError(event.data.error));
      end(draft, "failed", event.at, event.data.partial);
      return;
    case "job.cancelled":
      end(draft, "cancelled", event.at, event.data.partial);
      return;
    default:
      event satisfies never;
  }
}

function end(draft: Draft, status: JobStatus, at: string, partial: boolean): void {
  draft.status = status;
  draft.finishedAt = at;
  draft.partial = partial;
}

function applyMetrics(draft: Draft, metrics: Readonly<Record<string, number>>): void {
  for (const key in metrics) {
    const name = countOfMetric.get(key);
    if (name === undefined) continue;
    const value = metrics[key];
    // Counters never fall (progress, rule 7), so that a placeholder zero cannot take a count away.
    if (typeof value === "number" && value >= (draft.counts[name] ?? 0)) draft.counts[name] = value;
  }
}

function applyTool(
  draft: Draft,
  tool: { ok: boolean; cost: number; cached: boolean; error: string | null; items?: number | undefined },
): void {
  if (tool.cached) draft.quota.cacheHits += tool.items ?? 1;
  else draft.quota.requests += 1;
  // A request that was no longer wanted did not fail.
  if (!tool.ok && tool.error !== "cancelled") draft.quota.failedRequests += 1;
  draft.quota.points += tool.cost;
}

function applyStage(draft: Draft, data: Extract<KnownJobEvent, { type: "stage.completed" }>["data"]): void {
  if (draft.stages.some((outcome) => outcome.stage === data.stage)) return;
  const counts = data.counts ?? {};
  draft.stages.push({
    stage: data.stage,
    counts,
    drops: data.drops ?? {},
    distributions: data.distributions ?? {},
  });
  applyMetrics(draft, counts);
}

function note(notes: SummaryNote[], added: SummaryNote): void {
  if (notes.length >= maxNotes) return;
  if (notes.some((one) => one.code === added.code && one.message === added.message)) return;
  notes.push(added);
}

function pick(data: { code: string; message: string }): { code: string; message: string } {
  return { code: data.code, message: data.message };
}
