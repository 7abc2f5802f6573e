import type { CampaignService } from "@cmo/contract";
import { ownJob } from "./own-job.ts";
import type { ServiceParts } from "./service-parts.ts";

/** Whether jobs are as they were written. */
export function verifyMethods(parts: ServiceParts): Pick<CampaignService, "verification"> {
  return {
    async verification(jobId) {
      await ownJob(parts, jobId);
      const { verifyJob } = await import("../verify/verify-job.ts");
      return verifyJob(parts.runtime, jobId);
    },
  };
}
