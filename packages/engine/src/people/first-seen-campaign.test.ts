import { describe, expect, it } from "vitest";
import { firstSeenCampaign, ownedCampaign } from "./first-seen-campaign.ts";

describe("firstSeenCampaign", () => {
  it("is the name alone for local campaigns, as it was before tenants were told apart", () => {
    expect(firstSeenCampaign("local", "smoke")).toBe("smoke");
  });

  it("tells tenants and names apart, however they are spelt, and can be read back", () => {
    const texts = ["local", "a", "b", "", '"', '","', "\n", '\n["a","b"]', '["a","b"]', "ä b"];
    const all = texts.flatMap((tenant) => texts.map((name) => ({ tenant, name })));
    const keys = all.map(({ tenant, name }) => firstSeenCampaign(tenant, name));
    expect(new Set(keys).size).toBe(all.length);
    expect(keys.map(ownedCampaign)).toEqual(all);
  });
});
