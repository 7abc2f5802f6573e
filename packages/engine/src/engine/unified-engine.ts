import { chainEvents } from "../chain/chain-events.ts";
import { CmoError } from "../error/cmo-error.ts";
import type { EventDraft } from "../event/event-draft.ts";
import { updateChecked } from "../job/checked-write.ts";
import type { Job } from "../job/job.ts";
import { appendEvents, keepUntilOf, pauseChange, releaseChange, resumeChange } from "../job/job-changes.ts";
import { moveStatus } from "../job/job-status.ts";
import { hasLiveLease } from "../job/live-lease.ts";
import { localTenant } from "../job/local-tenant.ts";
import type { Lead } from "../lead/lead.ts";
import { type Digest, digestText } from "../port/digest.ts";
import { initialProgress } from "../progress/initial-progress.ts";
import type { MultiplexedSink } from "../sink/multiplex.ts";
import type { Sink } from "../sink/sink.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import { specDigestInput } from "../spec/spec-digest-input.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { type RunSummary, summaryOf, topProspectCount } from "../summary/run-summary.ts";
import { initialSummary } from "../summary/summary-state.ts";
import { hashSuppression } from "../suppression/hash-suppression.ts";
import { onAbort } from "../task/on-abort.ts";
import type { EngineParts } from "../worker/engine-parts.ts";
import type { ActiveRun } from "../worker/run-job.ts";
import { cancelledEnd } from "../worker/run-outcome.ts";
import { hasCode } from "../worker/update-leased.ts";
import { runOneJob, runWorker } from "../worker/worker.ts";
import type { Engine, EngineOptions, SubmitOptions } from "./engine.ts";
import { engineVersion } from "./engine-version.ts";
import { feedSink } from "./feed-sink.ts";
import { freezeBaseline } from "./freeze-baseline.ts";
import { createJobId } from "./job-id.ts";
import { createLeadScreen, readLeads } from "./read-leads.ts";
import { watchJob } from "./watch.ts";

/** An engine over its ports. */
export function createUnifiedEngine(options: EngineOptions): Engine {
  const { agent, clock, random, digest } = options;
  const store = options.store ?? createMemoryStore({ clock, random });
  const runs = new Map<string, ActiveRun>();
  /** What is to be said of sinks that failed before their job's run began. */
  const droppedEarly = new Map<string, EventDraft[]>();
  const estimate = (spec: JobSpec) => agent.estimate?.(spec) ?? null;
  const parts: EngineParts = {
    store,
    agent,
    clock,
    random,
    digest,
    leaseMs: options.leaseMs ?? 30_000,
    pollMs: options.pollMs ?? 1_000,
    limits: options.limits,
    redact: options.redact ?? ((text) => text),
    dryRun: (job) => (job.spec.dryRun ? { dryRun: true, estimate: estimate(job.spec) } : {}),
  };

  function onRun(jobId: string, run: ActiveRun): () => void {
    runs.set(jobId, run);
    for (const draft of droppedEarly.get(jobId) ?? []) run.log.append(draft);
    droppedEarly.delete(jobId);
    return () => void runs.delete(jobId);
  }

  async function submit(written: JobSpec, submitted: SubmitOptions = {}): Promise<Job> {
    if (written.agent.name !== agent.name) {
      throw new CmoError(
        "usage",
        `The spec was made for the agent ${written.agent.name}, and this is ${agent.name}.`,
      );
    }
    const { parentJobId = null, tenant = localTenant } = submitted;
    const parent = parentJobId === null ? null : await store.readJob(parentJobId);
    // Whoever goes on from a job's answers looks from where it did: what it exported itself is not known for that.
    const search = parent === null ? { tenant } : { tenant, until: parent.createdAt };
    const spec = await freezeBaseline(store, written, search);
    const now = clock.now();
    const unborn: Job = {
      id: submitted.jobId ?? createJobId(now, random),
      tenant,
      spec,
      status: "queued",
      desired: null,
      priority: submitted.priority ?? 0,
      notBefore: submitted.notBefore ?? 0,
      attempt: 0,
      attemptOpen: true,
      parentJobId,
      createdAt: now,
      startedAt: null,
      finishedAt: null,
      error: null,
      keepUntil: keepUntilOf(spec, Math.max(now, submitted.notBefore ?? 0)),
      lastSeq: 0,
      logHead: null,
      epoch: 0,
      leaseOwner: null,
      leaseUntil: null,
      snapshot: { seq: 0, progress: initialProgress(spec.plan), summary: initialSummary() },
    };
    const { events = [], patch } = appendEvents(unborn, now, digest, [
      queuedEvent(spec, digest, parentJobId),
    ]);
    const { job } = await store.createJob({ ...unborn, ...patch }, events, {
      chain: (createdAt) => chainEvents(unborn, createdAt, digest, events),
      configText: submitted.configText ?? null,
    });
    return job;
  }

  async function summary(jobId: string): Promise<RunSummary> {
    const job = await existing(jobId);
    const top: Lead[] = [];
    for await (const lead of readLeads(store, digest, job)) {
      top.push(lead);
      if (top.length === topProspectCount) break;
    }
    return summaryOf(job.snapshot.summary, top);
  }

  async function existing(jobId: string): Promise<Job> {
    const job = await store.readJob(jobId);
    if (job === null) throw new CmoError("not_found", `There is no job ${jobId} in this store.`);
    return job;
  }

  /** A held job is cancelled by its worker, one that never ran at once; one with results is brought to its end here. */
  async function cancel(jobId: string): Promise<Job> {
    const { job } = await updateChecked(store, jobId, (current, now) => {
      if (current.status !== "paused") moveStatus(current.status, "cancelled");
      if (hasLiveLease(current, now)) return { patch: { desired: "cancelled" } };
      if (current.startedAt !== null)
        return { patch: { desired: "cancelled", status: "queued", notBefore: 0 } };
      const end = cancelledEnd(current, now);
      return releaseChange(current, now, digest, end.drafts, end.patch);
    });
    if (job.status !== "queued") return job;
    try {
      await runOneJob(jobId, { parts, signal: new AbortController().signal, onRun });
    } catch (error) {
      // It stands in the queue as one to be cancelled: a worker that knows its spec brings it to its end.
      if (!hasCode(error, "job_newer")) throw error;
    }
    return existing(jobId);
  }

  async function attend(
    jobId: string,
    sinks: readonly Sink[] = [],
    { signal, after = 0 }: { signal?: AbortSignal; after?: number } = {},
  ): Promise<RunSummary> {
    await existing(jobId);
    const feeds = sinks
      .flatMap(membersOf)
      .map((sink) =>
        feedSink(store, jobId, sink, { after, onDropped: (error) => noteDropped(jobId, error) }),
      );
    const stop = () => void (store.durable ? pauseJob(jobId) : cancel(jobId)).catch(() => {});
    const offAbort = onAbort(signal, stop);
    try {
      await runOneJob(jobId, { parts, signal: new AbortController().signal, onRun });
    } finally {
      offAbort();
      const { lastSeq } = await existing(jobId);
      await Promise.all(feeds.map((feed) => feed.drain(lastSeq)));
      droppedEarly.delete(jobId);
    }
    return summary(jobId);
  }

  return {
    store,
    submit,

    async runInproc(spec, sinks, { signal, ...submitted } = {}) {
      const { id } = await submit(spec, submitted);
      return attend(id, sinks, signal === undefined ? {} : { signal });
    },

    attend,

    watch: (jobId, watched) => watchJob(store, jobId, watched),
    job: (jobId) => store.readJob(jobId),
    summary,
    async *leads(jobId, query) {
      yield* readLeads(store, digest, await existing(jobId), query);
    },
    async leadPage(jobId, query) {
      const { readLeadPage } = await import("./lead-page.ts");
      return readLeadPage(store, createLeadScreen(store, digest, await existing(jobId)), jobId, query);
    },
    pause: pauseJob,
    async resume(jobId) {
      return (await updateChecked(store, jobId, resumeChange)).job;
    },
    cancel,
    async retry(jobId) {
      const job = await existing(jobId);
      if (job.status !== "failed" && job.status !== "cancelled") {
        throw new CmoError(
          "conflict",
          `A ${job.status} job cannot be retried; a failed or cancelled one can.`,
        );
      }
      const configText = await store.readConfigText(jobId);
      return submit(job.spec, { tenant: job.tenant, parentJobId: jobId, configText });
    },
    startWorker: ({ concurrency = 1, signal }) => runWorker({ parts, concurrency, signal, onRun }),
    estimate,
    withBaseline: (spec, { tenant = localTenant } = {}) => freezeBaseline(store, spec, { tenant }),
    async hashSuppression(entries) {
      const key = await store.suppressionKey();
      return entries.map((entry) => ({ kind: entry.kind, hash: hashSuppression(digest, key, entry) }));
    },
  };

  async function pauseJob(jobId: string): Promise<Job> {
    return (await updateChecked(store, jobId, (job, now) => pauseChange(job, now, digest))).job;
  }

  function noteDropped(jobId: string, error: unknown): void {
    const reason = parts.redact(error instanceof Error ? error.message : String(error));
    const message = `A sink failed and gets no more events: ${reason}`;
    const draft: EventDraft = { type: "log", data: { level: "warning", code: "sink.dropped", message } };
    const run = runs.get(jobId);
    if (run !== undefined) run.log.append(draft);
    else droppedEarly.set(jobId, [...(droppedEarly.get(jobId) ?? []), draft]);
  }
}

/** The sinks that a sink is made of, so that each is fed at its own pace, and is named when it fails. */
function membersOf(sink: MultiplexedSink): readonly Sink[] {
  return sink.members?.flatMap(membersOf) ?? [sink];
}

function queuedEvent(spec: JobSpec, digest: Digest, parentJobId: string | null) {
  return {
    type: "job.queued",
    data: {
      goal: spec.goal,
      plan: [...spec.plan],
      icp: JSON.parse(JSON.stringify(spec.icp)) as Record<string, unknown>,
      specDigest: digestText(digest, specDigestInput(spec)),
      targetLeads: spec.targetLeads,
      engineVersion,
      agent: { ...spec.agent },
      purpose: spec.purpose,
      basis: spec.basis,
      configVersion: spec.configVersion,
      ...(spec.onlyNew === undefined ? {} : { baselineJobId: spec.onlyNew.baseline?.jobId ?? null }),
      ...(parentJobId === null ? {} : { parentJobId }),
    },
  } satisfies EventDraft;
}
