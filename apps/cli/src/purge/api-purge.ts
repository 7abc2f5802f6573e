import type { JobSelection, JobsErased } from "@cmo/contract";
import type { Campaigns } from "../place/campaigns.ts";
import { findJob } from "../place/find-job.ts";
import { personPlan } from "./person-plan.ts";
import type { Purge, PurgeTarget } from "./purge-target.ts";

/** An erase through an API: of what belongs to the key's tenant; it tells how many files, not which. */
export function apiPurge(campaigns: Campaigns, target: PurgeTarget): Purge {
  const { service } = campaigns;
  if (target.scope === "person") {
    const { scope, person, suppress } = target;
    return {
      async plan() {
        const view = await service.person(person);
        return personPlan({ ...view, files: view.files.length }, suppress);
      },
      carryOut: async () => ({ scope, suppress, ...(await service.erasePerson(person, { suppress })) }),
    };
  }
  const { scope } = target;
  const shown = target.scope === "older-than" ? { scope, age: target.age } : { scope };
  return {
    async plan() {
      // Said of the job that is not there, in words that say where was looked.
      if (target.scope === "job") for (const jobId of target.jobIds) await findJob(campaigns, jobId);
      const { jobs, held, files } = await service.eraseJobs(selectionOf(target), { dryRun: true });
      return { ...shown, jobs, held, files: files === null ? null : sumOf(files) };
    },
    async carryOut() {
      const { jobs, held, state, files } = await service.eraseJobs(selectionOf(target));
      return { ...shown, jobs, held, state: state ?? "done", files: files ?? noFiles };
    },
  };
}

function selectionOf(target: Exclude<PurgeTarget, { scope: "person" }>): JobSelection {
  switch (target.scope) {
    case "job":
      return { jobIds: target.jobIds };
    case "older-than":
      return { before: new Date(target.before).toISOString() };
    case "all":
      return { all: true };
    default:
      return target satisfies never;
  }
}

const noFiles = { rewritten: 0, removed: 0, missing: 0, failed: 0 };

function sumOf({ rewritten, removed, missing, failed }: NonNullable<JobsErased["files"]>): number {
  return rewritten + removed + missing + failed;
}
