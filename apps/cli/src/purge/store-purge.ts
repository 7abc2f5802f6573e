import { jobsOlderThan, type PersonReport, showPerson } from "@cmo/engine";
import {
  peopleParts,
  purgeEverything,
  purgeJobs,
  purgeOlderThan,
  purgePerson,
  type StoredRuntime,
} from "@cmo/runtime";
import { noJob } from "../place/find-job.ts";
import type { StorePlace } from "../place/place.ts";
import { type PlannedPerson, personPlan } from "./person-plan.ts";
import type { Purge, PurgeTarget } from "./purge-target.ts";

/** An erase in the store of this machine: of whosever it is, and with the path of each file that it sees to. */
export function storePurge(place: StorePlace, target: PurgeTarget): Purge {
  const { runtime } = place;
  const { scope } = target;
  switch (scope) {
    case "person": {
      const { person, suppress } = target;
      return {
        plan: async () => personPlan(plannedPerson(await showPerson(peopleParts(runtime), person)), suppress),
        carryOut: async () => ({ scope, suppress, ...(await purgePerson(runtime, person, { suppress })) }),
      };
    }
    case "job": {
      const { jobIds: jobs } = target;
      return {
        async plan() {
          for (const jobId of jobs) {
            if ((await runtime.store.readListedJob(jobId)) === null) throw noJob(place, jobId);
          }
          return { scope, jobs, held: [], files: await pathsOf(runtime, jobs) };
        },
        carryOut: async () => ({ scope, ...(await purgeJobs(runtime, jobs)) }),
      };
    }
    case "older-than": {
      const { age, before } = target;
      return {
        async plan() {
          const { free, held } = await jobsBefore(runtime, before);
          return { scope, age, jobs: free, held, files: await pathsOf(runtime, free) };
        },
        carryOut: async () => ({ scope, age, ...(await purgeOlderThan(runtime, before)) }),
      };
    }
    case "all":
      return {
        async plan() {
          const { free, held } = await jobsBefore(runtime, Number.POSITIVE_INFINITY);
          const jobs = [...free, ...held];
          return { scope, jobs, held: [], files: await pathsOf(runtime, jobs) };
        },
        carryOut: async () => ({ scope, ...(await purgeEverything(runtime)) }),
      };
    default:
      return scope satisfies never;
  }
}

function plannedPerson({ identity, records, files }: PersonReport): PlannedPerson {
  return { identity, records, files: files.map(({ path }) => path) };
}

async function jobsBefore(runtime: StoredRuntime, before: number) {
  const { free, held } = await jobsOlderThan(peopleParts(runtime), before);
  return { free: free.map(({ id }) => id), held: held.map(({ id }) => id) };
}

async function pathsOf({ store }: StoredRuntime, jobs: readonly string[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const jobId of jobs) paths.push(...(await store.readFiles(jobId)).map(({ path }) => path));
  return paths;
}
