import type { Agent, Lead, Store } from "@cmo/engine";
import { buildCampaign } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { type ChaosProgress, type RehearseCrashesOptions, rehearseCrashes } from "./rehearse-crashes.ts";

const host = { clock: { now: () => Date.parse("2026-11-01T12:00:00.000Z"), sleep: async () => {} } };

const tiny = {
  params: { language: "Go", stars_range: ">=10", activity_days: 365, target_leads: 3 },
  source: { type: "simulator", seed: 7, repositories: 60 },
  limits: { max_repos: 4, people_per_repo: 1 },
};

function rehearse(options: Partial<RehearseCrashesOptions> = {}, written: object = {}) {
  return rehearseCrashes({
    host,
    config: buildCampaign({ ...tiny, ...written }),
    seed: 1,
    store: "memory",
    ...options,
  });
}

describe("rehearseCrashes", () => {
  it("S13 S33 ends the process of a campaign on a database file at effects of every kind: all identical", async () => {
    const points: ChaosProgress[] = [];
    const verdict = await rehearse({
      store: "sqlite",
      points: 80,
      onPoint: (progress) => points.push(progress),
    });
    expect(verdict).toMatchObject({ verdict: "identical", differing: [], store: "sqlite" });
    expect(verdict.campaign).toMatchObject({ status: "completed", standIn: false });
    expect(verdict.campaign.leads).toBeGreaterThan(0);
    expect(verdict.points).toEqual({ possible: 2 * verdict.effects, chosen: 80, covered: 80 });
    expect(points.map(({ ordinal }) => ordinal)).toEqual(points.map((_, index) => index + 1));
    expect(points.at(-1)?.of).toBe(80);
    for (const { points: covered } of verdict.kinds) expect(covered).toBeGreaterThanOrEqual(1);
    expect(verdict.kinds.reduce((sum, { points: covered }) => sum + covered, 0)).toBe(80);
    expect(verdict.kinds.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["http", "clock.sleep", "mail.lookup", "file.write", "store.updateJob"]),
    );
    expect(verdict.extraRequests).toBeLessThanOrEqual(2);
  });

  it("says how many of how many points it covered, and covers the same ones for a seed", async () => {
    const once = await rehearse({ points: 12, moments: ["before"] });
    expect(once).toMatchObject({ verdict: "identical", points: { chosen: 12, covered: 12 } });
    expect(once.points.possible).toBe(once.effects);
    expect(await rehearse({ points: 12, moments: ["before"] })).toEqual(once);
  });

  it("honours faults, retries and suppression of the config, and asks the simulator in the place of GitHub", async () => {
    const faulty = await rehearse(
      { points: 20 },
      {
        source: { ...tiny.source, faults: [{ fault: "forbidden", operation: "people" }] },
        suppress: ["@example.example"],
      },
    );
    expect(faulty).toMatchObject({ verdict: "identical", campaign: { status: "failed" } });
    const standIn = await rehearse({ points: 20 }, { source: "github" });
    expect(standIn).toMatchObject({ verdict: "identical", campaign: { standIn: true } });
    expect(standIn.campaign.leads).toBeGreaterThan(0);
  });

  it("says what in a config may make a difference that is no fault", async () => {
    const notesOn = async (written: object) => (await rehearse({ points: 1 }, written)).notes.join("\n");
    expect(await notesOn({})).toBe("");
    expect(await notesOn({ limits: { ...tiny.limits, max_requests: 100 } })).toContain("max_requests");
    expect(await notesOn({ limits: { ...tiny.limits, timeout_minutes: 30 } })).toContain("timeout_minutes");
    const faults = [{ fault: "bad_gateway", operation: "people", at: 1 }];
    expect(await notesOn({ source: { ...tiny.source, faults } })).toContain("count of requests");
  });

  it("stops at the next point when it is interrupted, and does not call that a verdict", async () => {
    const stop = new AbortController();
    const verdict = await rehearse({
      signal: stop.signal,
      onPoint: ({ ordinal }) => ordinal === 3 && stop.abort(),
    });
    expect(verdict).toMatchObject({ verdict: "unfinished", points: { covered: 3 } });
  });

  it("leaves a dry run a dry run", async () => {
    const verdict = await rehearse({}, { features: { dry_run: true } });
    expect(verdict.kinds.map(({ kind }) => kind)).not.toContain("file.write");
    expect(verdict).toMatchObject({ verdict: "identical", campaign: { status: "completed", leads: 0 } });
  });
});

describe("rehearseCrashes with something broken", () => {
  it("shows where an agent differs that looks at the clock", async () => {
    const { verdict, differing, points } = await rehearse({ wrapAgent: tellingTheTime });
    expect(verdict).toBe("different");
    expect(differing).toHaveLength(5);
    expect(points.covered).toBeLessThan(points.chosen);
    const [first] = differing;
    expect(first?.point).toEqual({ effect: 1, moment: "before", kind: "store.readJob" });
    expect(first?.differences.map(({ place }) => place)).toEqual([
      "artifact.created of leads_json: digest",
      "artifacts.0.digest",
      "leads_json, line 4",
      "leads_csv, line 2",
    ]);
    const [json] = first?.differences.filter(({ part }) => part === "file") ?? [];
    expect(json?.expected).toMatch(/"bio":"at 17935344\d+"/);
    expect(json?.found).toMatch(/"bio":"at 17935344\d+"/);
    expect(json?.found).not.toBe(json?.expected);
  });

  it("shows what a store makes the source answer again that cannot find its results", async () => {
    const { verdict, differing } = await rehearse({ wrapStore: forgetful });
    expect(verdict).toBe("different");
    expect(differing[0]?.differences).toEqual([
      {
        part: "requests",
        place: "history, asked again although the answers were stored",
        expected: "0 items",
        found: expect.stringMatching(/^\d of \d items$/),
      },
    ]);
  });

  it("shows that a campaign never ends whose store claims nothing twice", async () => {
    const { verdict, differing } = await rehearse({ wrapStore: claimingOnce() });
    expect(verdict).toBe("different");
    expect(differing[0]?.differences).toEqual([
      expect.objectContaining({ part: "end", found: expect.stringContaining("did not end within 6 hours") }),
    ]);
  });

  it("shows that two undisturbed runs differ, and blames no crash for it", async () => {
    let leads = 0;
    const counting = (agent: Agent) => changingLeads(agent, (lead) => ({ ...lead, bio: `lead ${++leads}` }));
    const { differing } = await rehearse({ wrapAgent: counting, points: 1 });
    expect(differing[0]?.point).toBeNull();
    expect(differing[0]?.differences).toContainEqual(
      expect.objectContaining({ part: "file", place: "leads_csv, line 2" }),
    );
  });
});

function tellingTheTime(agent: Agent): Agent {
  return changingLeads(agent, (lead, now) => ({ ...lead, bio: `at ${now.getTime()}` }));
}

function changingLeads(agent: Agent, change: (lead: Lead, now: Date) => Lead): Agent {
  return {
    ...agent,
    run: (spec, context) =>
      agent.run(spec, {
        ...context,
        writeLeads: (leads) =>
          context.writeLeads(
            (async function* () {
              for await (const lead of leads) yield change(lead, context.now());
            })(),
          ),
      }),
  };
}

function forgetful(store: Store): Store {
  return {
    ...store,
    readTaskResults: async () => new Map(),
    readCached: async () => new Map(),
    readCheckpoint: async () => null,
  };
}

/** In memory, all processes of a campaign have the same store. */
function claimingOnce(): (store: Store) => Store {
  const claimed = new WeakSet<Store>();
  return (store) => ({
    ...store,
    async claimNext(request, decide) {
      if (claimed.has(store)) return null;
      claimed.add(store);
      return store.claimNext(request, decide);
    },
  });
}
