import { type CampaignService, jobViewOf } from "@cmo/contract";
import { CmoError, type Job } from "@cmo/engine";
import { forkSpec } from "../fork/fork-spec.ts";
import { nodeDigest } from "../host/node-digest.ts";
import { ownJob } from "./own-job.ts";
import type { ServiceParts } from "./service-parts.ts";

/** New jobs from what others were told. */
export function forkMethods(parts: ServiceParts): Pick<CampaignService, "fork"> {
  const { engine, host } = parts.runtime;
  return {
    async fork(jobId, { set = [], allowRequests = false } = {}) {
      const parent = await ownJob(parts, jobId);
      const line = await lineOf(parent);
      refuseJob(parent, line, allowRequests);
      const spec = await forkSpec(parts.runtime, {
        jobId,
        spec: { ...parent.spec, limits: { ...parent.spec.limits, maxRequests: givenLimit(line.jobs) } },
        set,
        allowRequests,
      });
      const job = await engine.submit(spec, { tenant: parent.tenant, parentJobId: jobId });
      return jobViewOf(job, host.clock.now(), nodeDigest);
    },
  };

  /** The job and those that it reads answers of, the nearest first, up to one that is no more. */
  async function lineOf(job: Job): Promise<Line> {
    const jobs = [job];
    for (let next = job.parentJobId; next !== null; ) {
      const parent = await engine.job(next);
      if (parent === null) return { jobs, erased: next };
      jobs.push(parent);
      next = parent.parentJobId;
    }
    return { jobs, erased: null };
  }
}

interface Line {
  readonly jobs: readonly Job[];
  /** The job whose answers went with it; null when all are there. */
  readonly erased: string | null;
}

/** @throws CmoError `conflict` for a job whose answers are not whole, when no more may be asked. */
function refuseJob({ id, status, finishedAt, spec }: Job, { erased }: Line, allowRequests: boolean): void {
  if (finishedAt === null) {
    throw new CmoError("conflict", `Job ${id} is ${status}; it can be forked when it has ended.`);
  }
  if (spec.dryRun) {
    throw new CmoError("conflict", `Job ${id} was a dry run: it was told nothing to fork from.`);
  }
  if (allowRequests) return;
  const hint = "Let the fork ask for what is missing with --allow-requests (allowRequests).";
  if (status !== "completed") {
    throw new CmoError("conflict", `Job ${id} is ${status}: it was not told everything.`, { hint });
  }
  if (erased !== null) {
    throw new CmoError("conflict", `Job ${id} read answers of job ${erased}, which was erased.`, { hint });
  }
}

/** The limit of requests that a person gave, in a line of forks that were given none but 0. */
function givenLimit(jobs: readonly Job[]): number | null {
  return jobs.map(({ spec }) => spec.limits.maxRequests).find((limit) => limit !== 0) ?? null;
}
