import { chainEvents } from "../chain/chain-events.ts";
import { scheduleProblems } from "../config/schedule-rule.ts";
import { CmoError } from "../error/cmo-error.ts";
import type { EventDraft } from "../event/event-draft.ts";
import { updateChecked } from "../job/checked-write.ts";
import type { Job } from "../job/job.ts";
import { pauseChange, releaseChange, resumeChange } from "../job/job-changes.ts";
import { moveStatus } from "../job/job-status.ts";
import { hasLiveLease } from "../job/live-lease.ts";
import { localTenant } from "../job/local-tenant.ts";
import { newJob, type QueuedJob } from "../job/new-job.ts";
import type { Lead } from "../lead/lead.ts";
import { endUnbegun, openRuns, replacingEvents } from "../schedule/replace-schedule.ts";
import { scheduleOf, withoutSchedule } from "../schedule/schedule-of.ts";
import { confirmPlace, takePlace } from "../schedule/schedule-place.ts";
import { specAt } from "../schedule/spec-at.ts";
import type { MultiplexedSink } from "../sink/multiplex.ts";
import type { Sink } from "../sink/sink.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { type RunSummary, summaryOf, topProspectCount } from "../summary/run-summary.ts";
import { hashSuppression } from "../suppression/hash-suppression.ts";
import { onAbort } from "../task/on-abort.ts";
import type { EngineParts } from "../worker/engine-parts.ts";
import type { ActiveRun } from "../worker/run-job.ts";
import { cancelledEnd } from "../worker/run-outcome.ts";
import { hasCode } from "../worker/update-leased.ts";
import { runOneJob, runWorker } from "../worker/worker.ts";
import type { Engine, EngineOptions, SubmitOptions } from "./engine.ts";
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
    calendar: options.calendar,
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
    const { tenant = localTenant, parentJobId = null, configText = null } = submitted;
    const parent = parentJobId === null ? null : await store.readJob(parentJobId);
    // Whoever goes on from a job's answers looks from where it did: what it exported itself is not known for that.
    const search = parent === null ? { tenant } : { tenant, until: parent.createdAt };
    const run = await firstRun(await freezeBaseline(store, written, search), submitted.notBefore);
    const now = clock.now();
    const facts = {
      id: submitted.jobId ?? createJobId(now, random),
      tenant,
      spec: run.spec,
      priority: submitted.priority ?? 0,
      notBefore: run.notBefore,
      parentJobId,
    };
    if (scheduleOf(run.spec) === null) return putIn(newJob(facts, now, digest), configText);
    await takePlace(parts, facts);
    const others = await openRuns(store, facts);
    const job = await putIn(newJob(facts, now, digest, replacingEvents(others)), configText);
    if (await confirmPlace(parts, job)) await endUnbegun(parts, others);
    return job;
  }

  async function putIn({ job, events }: QueuedJob, configText: string | null): Promise<Job> {
    const unborn = { id: job.id, lastSeq: 0, logHead: null };
    const chain = (createdAt: number) => chainEvents(unborn, createdAt, digest, events);
    return (await store.createJob(job, events, { chain, configText })).job;
  }

  /** What is submitted, as the first run of its schedule if it has one. */
  async function firstRun(spec: JobSpec, notBefore = 0): Promise<{ spec: JobSpec; notBefore: number }> {
    const schedule = scheduleOf(spec);
    if (schedule === null) return { spec, notBefore };
    const { calendar } = parts;
    if (calendar === undefined) {
      throw new CmoError("usage", "This engine has no calendar: it cannot run a campaign by a schedule.");
    }
    const problems = scheduleProblems(calendar, schedule, spec.source.type);
    if (problems.length > 0) {
      throw new CmoError("config_invalid", "The campaign's schedule cannot be kept; nothing was started.", {
        problems,
      });
    }
    const { firstRun, firstJobId: _of, ...kept } = schedule;
    const first: JobSpec = { ...spec, schedule: kept };
    if (firstRun === undefined || notBefore > 0) return { spec: first, notBefore };
    const at = calendar.nextTime(schedule, await store.now()) ?? 0;
    return { spec: specAt(first, at, agent), notBefore: at };
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
      return submit(withoutSchedule(job.spec), { tenant: job.tenant, parentJobId: jobId, configText });
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
