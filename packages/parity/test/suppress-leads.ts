import type { Lead } from "@cmo/engine";
import type { ParityCampaign } from "./campaigns.ts";

/** The config of a campaign, with those of its leads suppressed whom it wants out. @throws Error when it has too few. */
export function withSuppression({ title, config, suppress = [] }: ParityCampaign, leads: readonly Lead[]) {
  const entries = suppress.map(({ rank, by }) => {
    const lead = leads.find((one) => one.rank === rank);
    if (lead === undefined) throw new Error(`${title} has no lead of rank ${rank}`);
    switch (by) {
      case "login":
        return lead.login;
      case "id":
        return `id:${lead.nodeId}`;
      case "email":
        return lead.email ?? lead.login;
      case "domain":
        return lead.email === null ? lead.login : lead.email.replace(/^.*@/, "@");
      default:
        return by satisfies never;
    }
  });
  return { name: title, ...config, ...(entries.length === 0 ? {} : { suppress: entries }) };
}
