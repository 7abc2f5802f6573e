import { firstSeenCampaign } from "../people/first-seen-campaign.ts";
import type { Store } from "../port/store.ts";
import { deepFreeze } from "../spec/deep-freeze.ts";
import type { JobSpec } from "../spec/job-spec.ts";

/** Whose last run is looked for. */
export interface BaselineSearch {
  readonly tenant: string;
  /** Only a run that had ended then, in milliseconds since the epoch. Default: any that has ended. */
  readonly until?: number;
}

/**
 * The spec with the run that its campaign calls the last one. The same object when it does not ask for one, and when it
 * has one already, as that of a job that is tried again has: so that what is new stays what was new then.
 */
export async function freezeBaseline(
  store: Pick<Store, "readLastExport">,
  spec: JobSpec,
  { tenant, until = Number.MAX_SAFE_INTEGER }: BaselineSearch,
): Promise<JobSpec> {
  if (spec.onlyNew === undefined || spec.onlyNew.baseline !== undefined) return spec;
  const last = await store.readLastExport(firstSeenCampaign(tenant, spec.name), until);
  const instantOf = (time: number | null) => new Date(time ?? 0).toISOString();
  const baseline =
    last === null
      ? null
      : { jobId: last.id, startedAt: instantOf(last.startedAt), endedAt: instantOf(last.finishedAt) };
  return deepFreeze({ ...spec, onlyNew: { baseline } });
}
