import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parityCampaigns } from "./campaigns.ts";
import { runHere } from "./in-process.ts";
import { withSuppression } from "./suppress-leads.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cmo-parity-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("S01 the same campaign", () => {
  it.each(parityCampaigns.map((campaign) => [campaign.title, campaign] as const))(
    "comes to the same on every path: %s",
    async (title, campaign) => {
      const place = join(folder, title.replaceAll(/\W+/g, "-"));
      const found = campaign.suppress === undefined ? [] : (await runHere({ name: title, ...campaign.config }, { folder: join(place, "before"), store: "memory" })).leads;
      const config = withSuppression(campaign, found);
      const { leads: _here, ...memory } = await runHere(config, { folder: join(place, "memory"), store: "memory" });
      expect(memory.log.at(-1)).toContain(`job.${campaign.ends}`);
      const { leads: _there, ...sqlite } = await runHere(config, { folder: join(place, "sqlite"), store: "cmo.db" });
      expect(sqlite).toEqual(memory);
    },
  );
});
