import { setImmediate } from "node:timers/promises";
import type { CampaignService, JobDiff } from "@cmo/contract";
import { instantOf } from "@cmo/contract";
import { CmoError, type Job, type Lead, suppressionEntriesOf } from "@cmo/engine";
import { compareSpecs } from "../diff/compare-specs.ts";
import { compareSummaries, isSameOutcome } from "../diff/compare-summaries.ts";
import { diffLeads } from "../diff/diff-leads.ts";
import { findKnownPeople } from "../diff/known-people.ts";
import { explainAbsence } from "../diff/why-absent.ts";
import { ownJob } from "./own-job.ts";
import type { ServiceParts } from "./service-parts.ts";

/** What differs between jobs. */
export function diffMethods(parts: ServiceParts): Pick<CampaignService, "diff"> {
  const { engine, store } = parts.runtime;
  return {
    async diff(jobId, otherId, { limit } = {}): Promise<JobDiff> {
      const most = readLimit(limit);
      const a = await endedJob(jobId);
      const b = await endedJob(otherId);
      const spec = compareSpecs(a.spec, b.spec);
      const [summaryA, summaryB] = [await engine.summary(a.id), await engine.summary(b.id)];
      const outcome = compareSummaries(summaryA, summaryB);
      const leads = await diffLeads({ a: () => shown(a, b), b: () => shown(b, a), limit: most });
      const { countA, countB, unchanged, added, gone, changed, moved } = leads;
      const inA = { job: a, summary: summaryA, spec };
      const inB = { job: b, summary: summaryB, spec };
      const known = await findKnownPeople(parts.runtime, { baseline: a, job: b, limit: most });
      return {
        same: isSameOutcome(outcome) && [added, gone, changed, moved].every(({ count }) => count === 0),
        a: await sideOf(a, countA),
        b: await sideOf(b, countB),
        spec,
        ...outcome,
        unchanged,
        added: { count: added.count, leads: await explainAbsence(parts.runtime, added.leads, inA) },
        gone: { count: gone.count, leads: await explainAbsence(parts.runtime, gone.leads, inB) },
        changed: { count: changed.count, leads: [...changed.leads] },
        moved: { count: moved.count, leads: [...moved.leads] },
        ...(known === undefined ? {} : { known }),
      };
    },
  };

  async function endedJob(jobId: string): Promise<Job> {
    const job = await ownJob(parts, jobId);
    if (job.finishedAt !== null) return job;
    throw new CmoError(
      "conflict",
      `Job ${jobId} is ${job.status}; its leads can be compared when it has ended.`,
    );
  }

  async function sideOf(job: Job, shownLeads: number): Promise<JobDiff["a"]> {
    return {
      jobId: job.id,
      name: job.spec.name,
      status: job.status,
      parentJobId: job.parentJobId,
      createdAt: instantOf(job.createdAt) ?? "",
      leads: shownLeads,
      hidden: Math.max(0, (await store.countLeads(job.id, {})) - shownLeads),
    };
  }

  /** A job's leads as everybody reads them, without those whom the other job's spec leaves out. */
  async function* shown(job: Job, other: Job): AsyncGenerator<Lead, void, undefined> {
    const leftOut = new Set(other.spec.suppress.map(({ hash }) => hash));
    let read = 0;
    for await (const lead of engine.leads(job.id)) {
      read += 1;
      // A server has others to answer while it goes through a hundred thousand.
      if (read % leadsAtOnce === 0) await setImmediate();
      if (leftOut.size === 0) {
        yield lead;
        continue;
      }
      const entries = await engine.hashSuppression(suppressionEntriesOf({ ...lead, id: lead.nodeId }));
      if (!entries.some(({ hash }) => leftOut.has(hash))) yield lead;
    }
  }
}

/** So many leads are compared before others have their turn: some milliseconds of work. */
const leadsAtOnce = 200;

function readLimit(limit = 100): number {
  if (Number.isInteger(limit) && limit >= 0 && limit <= 1_000) return limit;
  throw new CmoError("usage", "At most 1000 leads of each kind are told.", {
    problems: [{ path: ["limit"], message: "must be a whole number from 0 to 1000" }],
  });
}
