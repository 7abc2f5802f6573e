import type { CampaignService } from "@cmo/contract";
import { ownJob } from "./own-job.ts";
import type { ServiceParts } from "./service-parts.ts";

/** Runs as files. */
export function bundleMethods(parts: ServiceParts): Pick<CampaignService, "bundle"> {
  return {
    async bundle(jobId, kind) {
      await ownJob(parts, jobId);
      // Loaded when somebody wants one: most processes never do.
      const { openJobBundle } = await import("../bundle/job-bundle.ts");
      const { pieces } = await openJobBundle(parts.runtime, jobId, kind);
      return { mediaType: "application/zip", pieces };
    },
  };
}
