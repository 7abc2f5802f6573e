import type { CampaignService } from "@cmo/contract";
import type { EstimateGrounds } from "@cmo/view";

/** What a job's estimate rests on; grounds are null where no run was like it. */
export interface LearntGrounds {
  readonly grounds: EstimateGrounds | null;
}

/** Asks what a job's estimate rests on; null when no estimate is to be shown, as of a job that has ended. */
export type LearnGrounds = (jobId: string) => Promise<LearntGrounds | null>;

/** Asks the service. A run is shown without its time left sooner than not at all: what goes wrong is nobody's error. */
export function learnGroundsFrom(service: Pick<CampaignService, "job">): LearnGrounds {
  return async (jobId) => {
    try {
      const { estimate, estimateGrounds } = await service.job(jobId);
      return estimate === null ? null : { grounds: estimateGrounds };
    } catch {
      return null;
    }
  };
}

/** Nothing is asked, and no estimate shown. */
export const learnNothing: LearnGrounds = async () => null;
