import { type CampaignService, jobDetailOf, jobViewOf, unreadableViewOf } from "@cmo/contract";
import { CmoError, type Engine, isReadable, type Job, type JobFilter } from "@cmo/engine";
import { createRunEstimates } from "../estimate/run-estimates.ts";
import { nodeDigest } from "../host/node-digest.ts";
import { ownJob } from "./own-job.ts";
import { pageSizeOf } from "./page-size.ts";
import type { ServiceParts } from "./service-parts.ts";

type JobMethods = Pick<
  CampaignService,
  "jobs" | "job" | "config" | "summary" | "events" | "pause" | "resume" | "cancel" | "retry"
>;

/** How jobs stand, what they log, and what is asked of them. */
export function jobMethods(parts: ServiceParts): JobMethods {
  const { engine, store, host, leaseMs } = parts.runtime;
  const estimates = createRunEstimates(store);
  const viewOf = (job: Job) => jobViewOf(job, host.clock.now(), nodeDigest);
  const control = (verb: "pause" | "resume" | "cancel" | "retry") => async (jobId: string) => {
    await ownJob(parts, jobId);
    const change: Engine[typeof verb] = engine[verb];
    return viewOf(await change(jobId));
  };

  return {
    async jobs({ status = [], scheduled = false, after, limit } = {}) {
      const size = pageSizeOf(limit, 50);
      const filter = { tenant: parts.tenant, scheduled, ...(status.length === 0 ? {} : { status }) };
      if (after !== undefined) await checkCursor(parts, after);
      const page = await store.listJobs({ ...filter, ...behind(after), limit: size });
      const last = page.at(-1)?.id;
      const isFull = last !== undefined && page.length === size;
      const hasMore = isFull && (await store.listJobs({ ...filter, after: last, limit: 1 })).length > 0;
      const unreadable = page.filter((job) => !isReadable(job)).map(unreadableViewOf);
      return {
        jobs: page.filter(isReadable).map(viewOf),
        ...(unreadable.length === 0 ? {} : { unreadable }),
        next: hasMore ? last : null,
      };
    },
    async job(jobId) {
      const job = await ownJob(parts, jobId);
      const checkpoint = await store.readCheckpoint(jobId);
      const checkpointBytes = checkpoint === null ? null : Buffer.byteLength(checkpoint);
      const now = host.clock.now();
      return jobDetailOf(job, now, {
        digest: nodeDigest,
        leaseMs,
        checkpointBytes,
        ...(await estimates.of(job, now)),
      });
    },
    async config(jobId) {
      await ownJob(parts, jobId);
      return { jobId, config: await store.readConfigText(jobId) };
    },
    async summary(jobId) {
      await ownJob(parts, jobId);
      return engine.summary(jobId);
    },
    async *events(jobId, { after = 0, channels, signal } = {}) {
      if (!Number.isSafeInteger(after) || after < 0) {
        throw new CmoError("usage", "A log is read from a whole number on, 0 or greater.", {
          problems: [{ path: ["after"], message: "must be a whole number, 0 or greater" }],
        });
      }
      await ownJob(parts, jobId);
      yield* engine.watch(jobId, {
        after,
        ...(channels === undefined ? {} : { channels }),
        ...(signal === undefined ? {} : { signal }),
      });
    },
    pause: control("pause"),
    resume: control("resume"),
    cancel: control("cancel"),
    retry: control("retry"),
  };
}

function behind(after: string | undefined): Pick<JobFilter, "after"> {
  return after === undefined ? {} : { after };
}

/** A cursor is the last job of its page. @throws CmoError `usage` for one of nobody, or of another tenant. */
async function checkCursor({ runtime, tenant }: ServiceParts, cursor: string): Promise<void> {
  const job = await runtime.store.readListedJob(cursor);
  if (job?.tenant === tenant) return;
  throw new CmoError("usage", "There is no such place in the list of jobs.", {
    hint: "Its job may have been erased. Begin again without a cursor.",
    problems: [{ path: ["after"], message: "must be the next of another page" }],
  });
}
