import {
  type CampaignService,
  personErasedSchema,
  personReportSchema,
  suppressionPageSchema,
  suppressionStateSchema,
} from "@cmo/contract";
import type { ApiCalls } from "../http/api-calls.ts";
import { apiPath } from "../http/api-path.ts";

type PeopleMethods = Pick<
  CampaignService,
  "suppressions" | "addSuppressions" | "removeSuppressions" | "checkSuppressions" | "person" | "erasePerson"
>;

/** What concerns people, and who is left out. Entries go into bodies: an address has no place in a URL. */
export function peopleMethods({ get, repeat, once }: ApiCalls): PeopleMethods {
  const list = ["suppressions"];
  return {
    suppressions: async ({ after, limit } = {}) =>
      get(apiPath(list, { after, limit }), suppressionPageSchema),
    // To be on the list, or off it, twice is the same as once.
    addSuppressions: async (entries) =>
      repeat(apiPath(list), suppressionStateSchema, { method: "POST", body: { entries } }),
    removeSuppressions: async (entries) =>
      repeat(apiPath(list), suppressionStateSchema, { method: "DELETE", body: { entries } }),
    checkSuppressions: async (entries) =>
      repeat(apiPath([...list, "check"]), suppressionStateSchema, { method: "POST", body: { entries } }),
    person: async (person) => get(apiPath(["people", person]), personReportSchema),
    erasePerson: async (person, { suppress } = {}) =>
      once(apiPath(["people", person], { suppress }), personErasedSchema, { method: "DELETE" }),
  };
}
