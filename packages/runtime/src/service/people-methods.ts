import type { CampaignService } from "@cmo/contract";
import { showPerson } from "@cmo/engine";
import { peopleParts, purgePerson } from "../people/purge.ts";
import { fileCounts } from "./file-counts.ts";
import type { ServiceParts } from "./service-parts.ts";

/** What the tenant holds about people. */
export function peopleMethods(parts: ServiceParts): Pick<CampaignService, "person" | "erasePerson"> {
  const { runtime, tenant } = parts;
  return {
    async person(person) {
      const report = await showPerson(peopleParts(runtime), person, { tenant });
      const { ids, logins, emails, belongings } = report.identity;
      return {
        identity: {
          ids: [...ids],
          logins: [...logins],
          emails: [...emails],
          belongings: belongings.map(({ id, shownName }) => ({ id, shownName })),
        },
        records: report.records.map((record) => ({ ...record })),
        files: report.files.map(({ jobId, format }) => ({ jobId, format })),
        suppressedBy: report.suppressedBy.map(({ kind, value }) => ({ kind, value })),
      };
    },
    async erasePerson(person, { suppress = true } = {}) {
      const erased = await purgePerson(runtime, person, { suppress, tenant });
      const { found, rows, jobs, suppressed, state, files } = erased;
      return { found, rows, jobs: [...jobs], suppressed, state, files: fileCounts(files, jobs) };
    },
  };
}
