import {
  artifactListSchema,
  type CampaignService,
  jobDiffSchema,
  jobVerificationSchema,
  type LeadsQuery,
  leadPageSchema,
  type ServedFile,
} from "@cmo/contract";
import { CmoError } from "@cmo/engine";
import { servedFile } from "../file/served-file.ts";
import type { ApiCalls } from "../http/api-calls.ts";
import type { ApiLink } from "../http/api-link.ts";
import { apiPath } from "../http/api-path.ts";
import { callApi } from "../http/call-api.ts";

type LeadMethods = Pick<
  CampaignService,
  "leads" | "leadsFile" | "artifacts" | "artifact" | "bundle" | "diff" | "verification"
>;

/** What concerns the results of a job. */
export function leadMethods(link: ApiLink, { get }: ApiCalls): LeadMethods {
  const file = (path: string): Promise<ServedFile> =>
    callApi(link, { method: "GET", path, repeatable: true }, (answer) => servedFile(link, answer));
  return {
    leads: async (jobId, { offset, limit, ...query } = {}) =>
      get(apiPath(["jobs", jobId, "leads"], { ...wanted(query), offset, limit }), leadPageSchema),
    async leadsFile(jobId, format, { skip, limit, ...query } = {}) {
      if (!/^\w+$/.test(format)) throw new CmoError("usage", `${JSON.stringify(format)} is no format.`);
      return file(apiPath(["jobs", jobId, `leads.${format}`], { ...wanted(query), skip, limit }));
    },
    diff: async (jobId, otherId, { limit } = {}) =>
      get(apiPath(["jobs", jobId, "diff", otherId], { limit }), jobDiffSchema),
    artifacts: async (jobId) => get(apiPath(["jobs", jobId, "artifacts"]), artifactListSchema),
    artifact: async (jobId, name) => file(apiPath(["jobs", jobId, "artifacts", name])),
    verification: async (jobId) => get(apiPath(["jobs", jobId, "verification"]), jobVerificationSchema),
    bundle: async (jobId, kind) => file(apiPath(["jobs", jobId, "bundle"], { kind })),
  };
}

function wanted({ contactable, minScore, search, sort }: LeadsQuery): LeadsQuery {
  return { contactable, minScore, search, sort };
}
