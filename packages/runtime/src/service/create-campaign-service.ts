import type { CampaignService } from "@cmo/contract";
import { CmoError, localTenant } from "@cmo/engine";
import { isTenantName } from "../key/tenant-name.ts";
import { artifactMethods } from "./artifact-methods.ts";
import { bundleMethods } from "./bundle-methods.ts";
import { diffMethods } from "./diff-methods.ts";
import { eraseMethods } from "./erase-methods.ts";
import { forkMethods } from "./fork-methods.ts";
import { jobMethods } from "./job-methods.ts";
import { leadMethods } from "./lead-methods.ts";
import { peopleMethods } from "./people-methods.ts";
import type { ServiceParts, ServiceRuntime } from "./service-parts.ts";
import { submitMethods } from "./submit-methods.ts";
import { suppressionMethods } from "./suppression-methods.ts";
import { verifyMethods } from "./verify-methods.ts";

/** Whose campaigns a service serves, and from where. */
export interface CampaignServiceOptions {
  /** Default: `local`. */
  readonly tenant?: string;
  /** The folder in which a `config_path` names a file. Null: requests of that form are refused. */
  readonly configDirectory: string | null;
}

/**
 * The campaigns of one tenant of a runtime. Jobs of others are not there for it, in whatever way they are asked for; the
 * suppression list is the store's. @throws CmoError `usage` for a tenant's name that is none.
 */
export function createCampaignService(
  runtime: ServiceRuntime,
  { tenant = localTenant, configDirectory }: CampaignServiceOptions,
): CampaignService {
  if (!isTenantName(tenant)) {
    throw new CmoError("usage", "A tenant's name is 1 to 63 lower-case letters, digits, _ and -.");
  }
  const parts: ServiceParts = { runtime, tenant, configDirectory };
  return {
    ...submitMethods(parts),
    ...jobMethods(parts),
    ...forkMethods(parts),
    ...leadMethods(parts),
    ...artifactMethods(parts),
    ...bundleMethods(parts),
    ...verifyMethods(parts),
    ...diffMethods(parts),
    ...eraseMethods(parts),
    ...suppressionMethods(parts),
    ...peopleMethods(parts),
  };
}
