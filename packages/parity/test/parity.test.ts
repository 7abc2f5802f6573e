import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PostgresServer, startPostgres } from "@cmo/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parityCampaigns } from "./campaigns.ts";
import { runHere } from "./in-process.ts";
import { filesIn } from "./outcome.ts";
import { keepServed, runByClient, runByCommand, type ServedPlace, serveFleet, serveFrom } from "./served.ts";
import { withSuppression } from "./suppress-leads.ts";

let folder: string;
let postgres: PostgresServer;
let served: Readonly<Record<"memory" | "cmo.db" | "one worker" | "three workers", ServedPlace>>;
beforeAll(async () => {
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), "cmo-parity-"));
  served = {
    memory: await serveFrom(join(folder, "server in memory"), "memory"),
    "cmo.db": await serveFrom(join(folder, "server"), "cmo.db"),
    "one worker": await serveFleet(join(folder, "one worker"), postgres.url, 1),
    "three workers": await serveFleet(join(folder, "three workers"), postgres.url, 3),
  };
});
afterAll(async () => {
  for (const place of Object.values(served)) await place.close();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

const matrix = parityCampaigns.map((campaign) => [campaign.title, campaign] as const);

describe("S01 the same campaign", () => {
  it("is there at least 40 times, each under a name of its own", () => {
    expect(new Set(matrix.map(([title]) => title)).size).toBe(matrix.length);
    expect(matrix.length).toBeGreaterThanOrEqual(40);
  });

  it.each(matrix)("comes to the same on every path: %s", async (title, campaign) => {
    const place = join(folder, title.replaceAll(/\W+/g, "-"));
    const plain = { name: title, ...campaign.config };
    const { leads } =
      campaign.suppress === undefined
        ? { leads: [] }
        : await runHere(plain, { folder: join(place, "before"), store: "memory" });
    const config = withSuppression(campaign, leads);

    const { leads: _memory, ...memory } = await runHere(config, {
      folder: join(place, "memory"),
      store: "memory",
    });
    expect(memory.log.at(-1)).toContain(`job.${campaign.ends}`);
    const { leads: _sqlite, ...sqlite } = await runHere(config, {
      folder: join(place, "sqlite"),
      store: "cmo.db",
    });
    expect(sqlite).toEqual(memory);

    expect(await runByClient(config, served["cmo.db"], join(place, "client"))).toEqual(memory);
    expect(await runByClient(config, served.memory, join(place, "client of memory"))).toEqual(memory);

    expect(await runByClient(config, served["one worker"], join(place, "one worker"))).toEqual(memory);
    expect(await runByClient(config, served["three workers"], join(place, "three workers"))).toEqual(memory);

    const command = await runByCommand(config, served["cmo.db"], join(place, "command"));
    expect(command.result).toMatchObject({ code: campaign.ends === "completed" ? 0 : 1 });
    expect(command.outcome).toEqual(memory);
    // Through the API, what is written is what is served, and what is printed is the log.
    const jobId = command.events[0]?.jobId ?? "";
    const there = await keepServed(served["cmo.db"].client, jobId, join(place, "served"));
    expect(await filesIn(join(place, "command", "exports"))).toEqual(there);
  });
});
