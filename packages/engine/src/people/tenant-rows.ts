import type { StoredRow } from "../port/stored-people.ts";
import { ownedCampaign } from "./first-seen-campaign.ts";

/** Whose data is meant. */
export interface TenantOptions {
  /** Only what belongs to this tenant. Default: everything. */
  readonly tenant?: string;
}

/** Whom a row belongs to; null for notes of sources, which belong to nobody. */
export function tenantOf(row: StoredRow): string | null {
  return row.table === "first_seen" ? ownedCampaign(row.kind).tenant : row.tenant;
}

/** Whether a campaign under which people were first seen belongs to the tenant; all do for undefined. */
export function campaignsOf(tenant: string | undefined): { campaigns?: (campaign: string) => boolean } {
  return tenant === undefined ? {} : { campaigns: (key) => ownedCampaign(key).tenant === tenant };
}
