import type { CampaignService, JobSelection, JobsErased } from "@cmo/contract";
import { CmoError, type JobErasure, jobsOlderThan } from "@cmo/engine";
import {
  type PurgedFiles,
  peopleParts,
  purgeEverything,
  purgeJobs,
  purgeOlderThan,
} from "../people/purge.ts";
import { fileCounts } from "./file-counts.ts";
import { ownListedJob } from "./own-job.ts";
import type { ServiceParts } from "./service-parts.ts";

/** What an erase would come to, and what it does. */
interface Erase {
  plan(): Promise<Pick<JobErasure, "jobs" | "held">>;
  erase(): Promise<JobErasure & PurgedFiles>;
}

/** Erasing the tenant's jobs. */
export function eraseMethods(parts: ServiceParts): Pick<CampaignService, "eraseJobs"> {
  const { runtime, tenant } = parts;
  return {
    async eraseJobs(selection, { dryRun = false } = {}): Promise<JobsErased> {
      const { plan, erase } = await eraseOf(selection);
      if (dryRun) {
        const { jobs, held } = await plan();
        return { dryRun, jobs: [...jobs], held: [...held], state: null, files: null };
      }
      const { jobs, held, state, files } = await erase();
      return { dryRun, jobs: [...jobs], held: [...held], state, files: fileCounts(files, jobs) };
    },
  };

  async function eraseOf(selection: JobSelection): Promise<Erase> {
    if ("jobIds" in selection) {
      const jobs = [...new Set(selection.jobIds)];
      // All of them are the tenant's before any is touched.
      for (const jobId of jobs) await ownListedJob(parts, jobId);
      return { plan: async () => ({ jobs, held: [] }), erase: () => purgeJobs(runtime, jobs) };
    }
    if ("before" in selection) {
      const before = readInstant(selection.before);
      return {
        plan: () => planOf(before),
        erase: () => purgeOlderThan(runtime, before, { tenant }),
      };
    }
    return {
      // Whoever holds one is told to let go of it.
      async plan() {
        const { jobs, held } = await planOf(Number.POSITIVE_INFINITY);
        return { jobs: [...jobs, ...held], held: [] };
      },
      erase: () => purgeEverything(runtime, { tenant }),
    };
  }

  async function planOf(before: number): Promise<{ jobs: readonly string[]; held: readonly string[] }> {
    const { free, held } = await jobsOlderThan(peopleParts(runtime), before, { tenant });
    return { jobs: free.map(({ id }) => id), held: held.map(({ id }) => id) };
  }
}

function readInstant(text: string): number {
  const at = Date.parse(text);
  if (Number.isFinite(at)) return at;
  throw new CmoError("usage", "That is no instant to erase before.", {
    problems: [
      { path: ["before"], message: "must be an instant that exists, such as 2030-01-31T12:00:00.000Z" },
    ],
  });
}
