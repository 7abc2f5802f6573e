import { localTenant } from "../job/local-tenant.ts";

/** Whose campaign it is, and its name. */
export interface OwnedCampaign {
  readonly tenant: string;
  readonly name: string;
}

/**
 * Under what a store keeps who was first seen in a campaign: campaigns of the same name, but of different tenants, are
 * different ones. Those of `local` are kept under their name, as all were before tenants were told apart.
 */
export function firstSeenCampaign(tenant: string, name: string): string {
  if (tenant === localTenant && !name.startsWith(mark)) return name;
  return mark + JSON.stringify([tenant, name]);
}

/** What {@link firstSeenCampaign} was made of. */
export function ownedCampaign(key: string): OwnedCampaign {
  if (!key.startsWith(mark)) return { tenant: localTenant, name: key };
  const [tenant, name] = JSON.parse(key.slice(mark.length)) as [string, string];
  return { tenant, name };
}

/** No name of a config begins with it: it is one line of text. */
const mark = "\n";
