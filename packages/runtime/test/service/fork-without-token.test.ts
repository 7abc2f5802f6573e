import { join } from "node:path";
import { createClock } from "@cmo/engine";
import { createGitHubSimulator, createSimulatorMail } from "@cmo/github-simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRuntime } from "../../src/runtime/open-runtime.ts";
import { createCampaignService } from "../../src/service/create-campaign-service.ts";
import { testHost } from "../support/test-host.ts";
import { openServicePlace, type ServicePlace, smallConfig } from "./service-place.ts";

const clock = createClock(globalThis);
const env = { GITHUB_API_URL: "https://api.github.example", CMO_CACHE: "off" };
const config = { ...smallConfig, source: { type: "github", mail: "none" } } as const;

let place: ServicePlace;
let parent: string;
beforeAll(async () => {
  // A world of today: in one of a fixed day nobody is active any more when that day is long ago.
  const asOf = `${new Date(clock.now()).toISOString().slice(0, 10)}T00:00:00.000Z`;
  const simulator = createGitHubSimulator({ seed: 5, repositories: 120, asOf, clock });
  place = await openServicePlace("a file", {
    env: { ...env, GITHUB_TOKEN: "stand-in" },
    fetch: (url, init) => simulator.fetch(url, init),
  });
  parent = await place.work(await place.service.submit({ config }));
  expect(await place.service.summary(parent)).toMatchObject({ ok: true });
});
afterAll(() => place.close());

/** What a fork comes to where nobody has a token. */
async function forkElsewhere(allowRequests: boolean) {
  const asked: string[] = [];
  const runtime = await openRuntime({
    host: testHost({
      cwd: place.folder,
      home: place.folder,
      env,
      fetch: async (url) => {
        asked.push(String(url));
        return new Response("{}", { status: 401 });
      },
    }),
    location: join(place.folder, "store", "cmo.db"),
    dnsMail: createSimulatorMail(),
  });
  try {
    const service = createCampaignService(runtime, { tenant: "acme", configDirectory: null });
    const { id } = await service.fork(parent, { set: ["scoring.weights.fit.stars=30"], allowRequests });
    await runtime.engine.attend(id);
    return { summary: await service.summary(id), asked };
  } finally {
    await runtime.close();
  }
}

describe("A fork of what GitHub told", () => {
  it("needs no token as long as it may ask nothing", async () => {
    const { summary, asked } = await forkElsewhere(false);
    const { counts } = await place.service.summary(parent);
    expect(summary).toMatchObject({ ok: true, quota: { requests: 0 }, counts: { leads: counts.leads } });
    expect(summary.counts.leads).toBeGreaterThan(0);
    expect(asked).toEqual([]);
  });

  it("needs one to ask, and says which", async () => {
    const { summary, asked } = await forkElsewhere(true);
    expect(summary).toMatchObject({
      ok: false,
      errors: [{ code: "unauthenticated", message: expect.stringContaining("GITHUB_TOKEN") }],
    });
    expect(asked).toEqual([]);
  });
});
