import { describe, expect, it } from "vitest";
import { campaignJsonSchema, campaignJsonSchemaText, jsonSchemaKeys } from "./campaign-json-schema.ts";
import { keyDescriptions } from "./key-description.ts";

describe("the JSON Schema of campaign configs", () => {
  it("is the file in config/, which `pnpm --filter @cmo/runtime write:schema` writes anew", async () => {
    await expect(campaignJsonSchemaText()).toMatchFileSnapshot("../../../../config/campaign.schema.json");
  });

  it("describes every key, and no key that does not exist", () => {
    expect([...new Set(jsonSchemaKeys(campaignJsonSchema()))].sort()).toEqual(
      Object.keys(keyDescriptions).sort(),
    );
  });

  it("accepts no key that the config does not have", () => {
    expect(campaignJsonSchema()).toMatchObject({ additionalProperties: false, type: "object" });
  });
});
