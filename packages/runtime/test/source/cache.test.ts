import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { comparableSummary, type MailPort } from "@cmo/engine";
import { buildCampaign, createFakeClock } from "@cmo/engine/testing";
import type { Fetch } from "@cmo/github";
import {
  createGitHubSimulator,
  createSimulatorMail,
  type ObservedRequest,
  type SimulatorOptions,
} from "@cmo/github-simulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCampaignSpec } from "../../src/campaign/create-campaign-spec.ts";
import { openRuntime } from "../../src/runtime/open-runtime.ts";
import { readOutcome } from "../campaign/campaign.ts";
import { testHost } from "../support/test-host.ts";

const asOf = "2026-11-01T00:00:00.000Z";
const hourMs = 3_600_000;
const campaign = {
  name: "again",
  params: { language: "Go", stars_range: ">=10", target_leads: 8 },
  pushed_since: "2026-09-01",
  source: "github",
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cmo-cache-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A day on which processes come and go: one store file, one clock, and whatever GitHub the next one meets. */
function createDay() {
  const clock = createFakeClock({ now: asOf, auto: true });
  let runs = 0;

  return {
    clock,
    /** A process of its own runs the campaign. */
    async run({
      simulated = {},
      env = {},
      fresh = false,
      tenant = "local",
      config = {},
      asOf: today,
      answer = (response) => response,
    }: {
      simulated?: SimulatorOptions;
      env?: Readonly<Record<string, string>>;
      fresh?: boolean;
      tenant?: string;
      config?: Readonly<Record<string, unknown>>;
      /** The instant that the campaign looks from. Default: now. */
      asOf?: string;
      answer?: (response: Response) => Response | Promise<Response>;
    } = {}) {
      runs += 1;
      const asked: ObservedRequest[] = [];
      const simulator = createGitHubSimulator({
        seed: 7,
        repositories: 300,
        asOf,
        ...simulated,
        onRequest: (request) => asked.push(request),
        clock,
      });
      const imaginary = createSimulatorMail();
      const lookups: string[] = [];
      const dnsMail: MailPort = {
        isReserved: (domain) => imaginary.isReserved(domain),
        lookup: (domain, signal) => {
          lookups.push(domain);
          return imaginary.lookup(domain, signal);
        },
      };
      const fetch: Fetch = async (url, init) => answer(await simulator.fetch(url, init));
      const host = testHost({
        clock,
        fetch,
        cwd: folder,
        env: {
          GITHUB_API_URL: "https://api.github.example",
          GITHUB_TOKEN: "stand-in",
          CMO_STORE: "cmo.db",
          ...env,
        },
      });
      const runtime = await openRuntime({ host, dnsMail, fresh });
      try {
        const spec = await createCampaignSpec(runtime, { config: buildCampaign({ ...campaign, ...config }) });
        const pinned =
          today === undefined ? spec : { ...spec, asOf: today, icp: { ...spec.icp, activityDays: 61 } };
        const jobId = `job_${runs}`;
        await runtime.engine.submit(pinned, { jobId, tenant });
        await runtime.engine.attend(jobId);
        const { summary, leads } = await readOutcome(runtime.engine, jobId);
        const ofKind = (operation: string) => asked.filter((request) => request.operation === operation);
        return {
          summary,
          comparable: comparableSummary(summary),
          leads,
          lookups,
          kinds: [...new Set(asked.map(({ operation }) => operation))].sort(),
          people: ofKind("people").flatMap(({ ids }) => ids),
          histories: ofKind("history").flatMap(({ ids }) => ids),
          statuses: simulator.stats().byStatus,
        };
      } finally {
        await runtime.close();
      }
    },
  };
}

describe("S29 a second run of the same campaign", () => {
  it("asks only who it is and what matches, and comes to the same", async () => {
    const day = createDay();
    const first = await day.run({ asOf });
    expect(first.summary).toMatchObject({ ok: true, quota: { cacheHits: 0 } });
    expect(first.people.length).toBeGreaterThan(10);
    expect(first.lookups.length).toBeGreaterThan(0);
    await day.clock.advance(hourMs);
    const second = await day.run({ asOf });
    expect(second).toMatchObject({ people: [], histories: [], lookups: [], comparable: first.comparable });
    expect(second.kinds).toEqual(first.kinds.filter((kind) => kind !== "people" && kind !== "history"));
    const { cacheHits, requests } = second.summary.quota;
    expect(cacheHits).toBe(first.people.length + first.histories.length + first.lookups.length);
    expect(requests).toBe(first.summary.quota.requests - requestsOf(first));
    // The answers are as old as they are.
    expect(second.leads).toEqual(first.leads);
  });

  it("asks again about a repository that was pushed to, and about nothing else", async () => {
    const day = createDay();
    const first = await day.run();
    const [changed = ""] = first.histories;
    const pushedJustNow = (_key: string, value: unknown) =>
      isRepository(value) && value.id === changed ? { ...value, pushedAt: "2026-10-31T23:59:59Z" } : value;
    const second = await day.run({
      answer: async (response) => {
        const text = await response.text();
        return new Response(JSON.stringify(JSON.parse(text), pushedJustNow), response);
      },
    });
    expect(second).toMatchObject({ people: [], histories: [changed] });
  });

  it("asks again about people after a day, and not about histories that have not changed", async () => {
    const day = createDay();
    const first = await day.run();
    await day.clock.advance(25 * hourMs);
    const second = await day.run();
    expect(second.histories).toEqual([]);
    expect(second.people).toEqual(first.people);
    await day.clock.advance(7 * 24 * hourMs);
    expect((await day.run()).histories).toEqual(first.histories);
  });

  it.each<[string, Parameters<ReturnType<typeof createDay>["run"]>[0]]>([
    ["for another viewer", { simulated: { viewer: "octo-operator" } }],
    ["with other scopes", { simulated: { scopes: ["user:email"] } }],
    ["on another host", { env: { GITHUB_API_URL: "https://git.works.example/api/v3" } }],
    ["that is to be fresh", { fresh: true }],
    ["with CMO_CACHE=off", { env: { CMO_CACHE: "off" } }],
  ])("%s takes nothing", async (_, options) => {
    const day = createDay();
    const first = await day.run();
    const viewer = options?.simulated?.viewer;
    const simulated = viewer === undefined ? options?.simulated : { viewer: first.leads[0]?.login ?? "" };
    const second = await day.run({ ...options, ...(simulated === undefined ? {} : { simulated }) });
    expect(second).toMatchObject({ people: first.people, histories: first.histories });
    const isMailShared = options?.fresh !== true && options?.env?.CMO_CACHE === undefined;
    expect(second.lookups).toEqual(isMailShared ? [] : first.lookups);
  });

  it("of another tenant takes nothing, of no kind, and offers what it asked to its own tenant alone", async () => {
    const day = createDay();
    const first = await day.run({ asOf });
    const { people, histories, lookups } = first;
    expect(lookups.length).toBeGreaterThan(0);
    const other = await day.run({ tenant: "acme", asOf });
    expect(other).toMatchObject({ people, histories, lookups, comparable: first.comparable });
    expect(other.summary.quota.cacheHits).toBe(0);
    const theirs = { people: [], histories: [], lookups: [] };
    expect(await day.run({ tenant: "acme" })).toMatchObject(theirs);
    expect(await day.run()).toMatchObject(theirs);
    const world = { source: { type: "simulator", seed: 7, repositories: 300 } };
    await day.run({ config: world });
    expect((await day.run({ config: world, tenant: "acme" })).summary.quota.cacheHits).toBe(0);
    expect((await day.run({ config: world })).summary.quota.cacheHits).toBeGreaterThan(10);
  });

  it("with another token of the same person takes what there is, and a fresh one offers what it asked", async () => {
    const day = createDay();
    const first = await day.run({ fresh: true });
    expect(first.people.length).toBeGreaterThan(10);
    expect((await day.run({ env: { GITHUB_TOKEN: "another" } })).people).toEqual([]);
  });

  it("with CMO_CACHE=off offers nothing either", async () => {
    const day = createDay();
    const first = await day.run({ env: { CMO_CACHE: "off" } });
    expect((await day.run()).people).toEqual(first.people);
    await expect(day.run({ env: { CMO_CACHE: "maybe" } })).rejects.toMatchObject({
      code: "config_invalid",
      hint: expect.stringContaining("off"),
    });
  });

  it("without the scope for addresses asks REST for the changed ones only, and spends no quota on the others", async () => {
    const day = createDay();
    const simulated = { scopes: ["gist"] };
    const first = await day.run({ simulated });
    expect(first.statuses["304"]).toBeUndefined();
    await day.clock.advance(25 * hourMs);
    const second = await day.run({ simulated });
    expect(second.people).toEqual(first.people);
    expect(second.statuses["304"]).toBe(new Set(second.people).size);
    const another = await day.run({ simulated, env: { GITHUB_TOKEN: "another" }, fresh: true });
    expect(another.statuses["304"]).toBeUndefined();
    const emailsOf = (run: typeof first) => run.leads.map(({ login, email }) => `${login} ${email}`).sort();
    expect(emailsOf(second)).toEqual(emailsOf(first));
    expect(emailsOf(another)).toEqual(emailsOf(first));
  });

  it("in a simulated world takes what was asked of the same world on the same day", async () => {
    const day = createDay();
    const world = (more: object) => ({ source: { type: "simulator", seed: 7, repositories: 300, ...more } });
    const requestsOfRun = async (more: object) => {
      const { summary } = await day.run({ config: world(more) });
      return summary.quota.cacheHits;
    };
    expect(await requestsOfRun({})).toBe(0);
    expect(await requestsOfRun({})).toBeGreaterThan(10);
    expect(await requestsOfRun({ latency_ms: 5, concurrency: 1 })).toBeGreaterThan(10);
    expect(await requestsOfRun({ seed: 8 })).toBe(0);
    expect(await requestsOfRun({ repositories: 301 })).toBe(0);
    expect(await requestsOfRun({ faults: [{ fault: "slow", every: 5 }] })).toBe(0);
    await day.clock.advance(24 * hourMs);
    expect(await requestsOfRun({})).toBe(0);
  });
});

function isRepository(value: unknown): value is { id: string; pushedAt: string } {
  return typeof value === "object" && value !== null && "id" in value && "pushedAt" in value;
}

/** How many requests were about people and histories. */
function requestsOf({ people, histories }: { people: readonly string[]; histories: readonly string[] }) {
  return Math.ceil(histories.length / 10) + Math.ceil(people.length / 100);
}
