import { comparableSummary, createClock, type Lead, type RunSummary, withoutFetchTimes } from "@cmo/engine";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServicePlace, type ServicePlace, smallConfig, storeKinds } from "./service-place.ts";

/** A fork looks from the same instant as its parent, and the campaign that it is compared with must too. */
const now = Date.parse("2026-11-01T12:00:00.000Z");
const host = { clock: { now: () => now, sleep: createClock(globalThis).sleep } };

/** More leads than there are: the searches end by themselves. */
const wide = { ...smallConfig, params: { ...smallConfig.params, target_leads: 200 } };

async function outcomeOf({ runtime }: ServicePlace, jobId: string) {
  const summary = await runtime.engine.summary(jobId);
  const leads: Lead[] = [];
  for await (const lead of runtime.engine.leads(jobId)) leads.push(withoutFetchTimes(lead));
  // A fork's spec says that it may ask nothing.
  const { versions, ...rest } = comparableSummary(summary) as RunSummary;
  return { summary, result: { ...rest, versions: { ...versions, specDigest: null }, leads } };
}

/** The campaign with these values, run where nobody was told anything before. */
async function anew(config: typeof wide | typeof smallConfig, set: readonly string[]) {
  const place = await openServicePlace("memory", host);
  try {
    const jobId = await place.work(await place.service.submit({ config, set: [...set] }));
    const { summary, result } = await outcomeOf(place, jobId);
    expect(summary.quota.requests).toBeGreaterThan(0);
    return result;
  } finally {
    await place.close();
  }
}

describe.each(storeKinds)("Forks of a service over %s", (kind) => {
  let place: ServicePlace;
  let parent: string;
  let leads: readonly Lead[];
  beforeAll(async () => {
    place = await openServicePlace(kind, host);
    parent = await place.work(await place.service.submit({ config: wide }));
    leads = await place.runtime.store.readLeads(parent, { limit: 1_000 });
  });
  afterAll(() => place.close());

  async function forkOf(jobId: string, set: readonly string[], allowRequests = false): Promise<string> {
    const job = await place.service.fork(jobId, { set: [...set], allowRequests });
    expect(job).toMatchObject({ status: "queued", parentJobId: jobId });
    return place.work({ jobId: job.id });
  }

  const loginAt = (rank: number) => leads[rank - 1]?.login ?? "";

  it("ask nothing, and come to what the campaign with these values comes to", async () => {
    const values = [
      fc.integer({ min: -50, max: 50 }).map((weight) => `scoring.weights.fit.stars=${weight}`),
      fc.integer({ min: -50, max: 50 }).map((weight) => `scoring.weights.activity.recency=${weight}`),
      fc.integer({ min: 1, max: 60 }).map((count) => `target_leads=${count}`),
      fc.integer({ min: 1, max: 24 }).map((count) => `limits.max_repos=${count}`),
      fc
        .uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 })
        .map((ranks) => `suppress=${JSON.stringify(ranks.map(loginAt))}`),
      fc.constantFrom("name=another", "purpose=Interviews", "goal_template=Find {{ target_leads }}"),
    ];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(values, { minLength: 1 }), fc.gen(), async (chosen, gen) => {
        const set = chosen.map((value) => gen(() => value));
        // Whoever is left out makes room in a smaller target, for which more would have to be asked.
        if (set.some((value) => value.startsWith("suppress"))) {
          set.splice(0, set.length, ...set.filter((value) => !/^(target_leads|limits)/.test(value)));
        }
        const { summary, result } = await outcomeOf(place, await forkOf(parent, set));
        expect(summary).toMatchObject({ ok: true, quota: { requests: 0, points: 0, failedRequests: 0 } });
        expect(result, set.join(" ")).toEqual(await anew(wide, set));
      }),
      { numRuns: 8 },
    );
  });

  it("log no call to the source, and name their parent", async () => {
    const jobId = await forkOf(parent, ["scoring.version=2"]);
    const events = await place.runtime.store.readEvents(jobId, 0, 100_000);
    expect(events.filter(({ type }) => type.startsWith("tool."))).toEqual([]);
    expect(events[0]).toMatchObject({ type: "job.queued", data: { parentJobId: parent } });
    expect(await place.service.summary(jobId)).toMatchObject({ parentJobId: parent });
  });

  it.each([
    [["language=Go"], ["icp.languages", "goal"]],
    [["stars_range=>=50"], ["icp.starsRange.min", "goal"]],
    [["activity_days=30"], ["pushedSince", "icp.activityDays"]],
    [["pushed_since=2026-01-01"], ["pushedSince"]],
    [["default_icp.topics=[cli]"], ["icp.topics"]],
    [["target_leads=201"], ["targetLeads"]],
    [["limits.max_repos=26"], ["limits.maxRepos"]],
    [["limits.people_per_repo=2"], ["limits.peoplePerRepo"]],
    [["limits.max_requests=7"], ["limits.maxRequests"]],
    [["scoring.version=2", "limits.deep_history=true"], ["limits.deepHistory"]],
  ])("with %j are refused by the key that needs new answers", async (set, [key = ""]) => {
    const before = (await place.service.jobs()).jobs.length;
    const refused = place.service.fork(parent, { set });
    await expect(refused).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining(key),
      hint: expect.stringContaining("--allow-requests"),
    });
    await expect(refused).rejects.toMatchObject({
      problems: expect.arrayContaining([
        { path: key.split("."), message: "may need answers that the job was not given" },
      ]),
    });
    expect((await place.service.jobs()).jobs.length).toBe(before);
  });

  it.each([["source.seed=6"], ["source=github"], ["source.mail=none"], ["features.dry_run=true"]])(
    "with %s are none, whatever they may ask",
    async (value) => {
      for (const allowRequests of [false, true]) {
        const refused = place.service.fork(parent, { set: [value], allowRequests });
        await expect(refused).rejects.toMatchObject({
          code: "usage",
          hint: "Run it as a campaign of its own.",
        });
      }
    },
  );

  it("tell of wrong values as a submit does", async () => {
    await expect(
      place.service.fork(parent, { set: ["scoring.wieghts=1", "target_leads=0"] }),
    ).rejects.toMatchObject({
      code: "config_invalid",
      problems: expect.arrayContaining([expect.objectContaining({ path: ["--set", "scoring", "wieghts"] })]),
    });
    await expect(place.service.fork(parent, { set: ["target_leads"] })).rejects.toMatchObject({
      code: "config_invalid",
    });
  });

  it.each([
    ["another language", ["language=Go"]],
    ["a shorter window", ["activity_days=100", "scoring.weights.fit.stars=30"]],
    ["more people of each repository", ["limits.people_per_repo=5"]],
  ])(
    "that may ask come with %s to what the campaign comes to, and ask only for what is new",
    async (_what, set) => {
      const jobId = await forkOf(parent, set, true);
      const { summary, result } = await outcomeOf(place, jobId);
      expect(result).toEqual(await anew(wide, set));
      expect(summary.ok).toBe(true);
      expect(summary.quota.requests).toBeGreaterThan(0);
      const whole = await place.service.summary(parent);
      expect(summary.quota.requests).toBeLessThan(whole.quota.requests + 5);
    },
  );

  it("that turn out to need more fail and say so, and are right when they may ask", async () => {
    const met = await place.work(await place.service.submit({ config: smallConfig }));
    const { targetMet } = await place.service.summary(met);
    expect(targetMet).toBe(true);
    const everybody = await place.runtime.store.readLeads(met, { contactable: true, limit: 1_000 });
    const set = [`suppress=${JSON.stringify(everybody.slice(0, 25).map(({ login }) => login))}`];
    const short = await outcomeOf(place, await forkOf(met, set));
    // What is found depends on how far ahead the parent asked: all of it, or the end that says what is missing.
    if (short.summary.ok === true) expect(short.result).toEqual(await anew(smallConfig, set));
    else {
      expect(short.summary.errors).toMatchObject([
        { code: "limit_reached", hint: expect.stringContaining("--allow-requests") },
      ]);
    }
    expect(short.summary.quota.requests).toBe(0);
    const { result } = await outcomeOf(place, await forkOf(met, set, true));
    expect(result).toEqual(await anew(smallConfig, set));
  });

  it("can be forked again, and may then ask as much as a person said", async () => {
    const limited = await place.work(
      await place.service.submit({ config: wide, set: ["limits.max_requests=5000"] }),
    );
    const first = await forkOf(limited, ["scoring.weights.fit.stars=30"]);
    const second = await forkOf(first, ["target_leads=5"]);
    const { result, summary } = await outcomeOf(place, second);
    expect(summary.quota.requests).toBe(0);
    expect(result).toEqual(
      await anew(wide, ["limits.max_requests=5000", "scoring.weights.fit.stars=30", "target_leads=5"]),
    );
    const limitOf = async (jobId: string) => (await place.runtime.engine.job(jobId))?.spec.limits.maxRequests;
    expect(await limitOf(second)).toBe(0);
    const third = await place.service.fork(second, { allowRequests: true });
    expect(await limitOf(third.id)).toBe(5_000);
    await place.service.cancel(third.id);
  });

  it("are of no job that was not told everything: alive, cancelled, dry, or with erased answers", async () => {
    const { jobId: waiting } = await place.service.submit({ config: wide });
    await expect(place.service.fork(waiting)).rejects.toMatchObject({ code: "conflict" });
    await place.service.cancel(waiting);
    await expect(place.service.fork(waiting)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("is cancelled"),
      hint: expect.stringContaining("--allow-requests"),
    });
    const again = await forkOf(waiting, [], true);
    expect((await outcomeOf(place, again)).result).toEqual(await anew(wide, []));

    const dry = await place.work(
      await place.service.submit({ config: wide, set: ["features.dry_run=true"] }),
    );
    await expect(place.service.fork(dry, { allowRequests: true })).rejects.toMatchObject({
      code: "conflict",
    });

    const child = await forkOf(again, ["scoring.version=3"]);
    await place.service.eraseJobs({ jobIds: [again] });
    await expect(place.service.fork(again)).rejects.toMatchObject({ code: "not_found" });
    await expect(place.service.fork(child)).rejects.toMatchObject({
      code: "conflict",
      message: `Job ${child} read answers of job ${again}, which was erased.`,
    });
    const late = await forkOf(child, ["scoring.version=4"], true);
    expect((await outcomeOf(place, late)).result).toEqual(await anew(wide, ["scoring.version=4"]));
  });

  it("fail and say so when the parent is erased before they are worked on", async () => {
    const short = await place.work(await place.service.submit({ config: wide, set: ["target_leads=3"] }));
    const { id } = await place.service.fork(short, {});
    await place.service.eraseJobs({ jobIds: [short] });
    await place.work({ jobId: id });
    expect(await place.service.job(id)).toMatchObject({ status: "failed", error: { code: "limit_reached" } });
    expect((await place.service.summary(id)).quota.requests).toBe(0);
  });

  it("leave out whom the parent left out, who is suppressed by now, and who was erased", async () => {
    const [first, second, third] = [1, 2, 3].map(loginAt);
    const own = await place.work(
      await place.service.submit({ config: wide, set: [`suppress=[${JSON.stringify(first)}]`] }),
    );
    await place.service.addSuppressions([second ?? ""]);
    await place.service.erasePerson(third ?? "", { suppress: false });
    const fork = await forkOf(own, ["scoring.weights.fit.stars=30", `suppress=[${JSON.stringify(first)}]`]);
    const { summary, result } = await outcomeOf(place, fork);
    expect(summary).toMatchObject({ ok: true, quota: { requests: 0 } });
    const logins = result.leads.map(({ login }) => login);
    expect(logins.length).toBeGreaterThan(10);
    for (const login of [first, second, third]) expect(logins).not.toContain(login);
    expect((await place.runtime.engine.job(fork))?.spec.suppress).toHaveLength(1);
    await place.service.removeSuppressions([second ?? ""]);
  });

  it("S37 are of no job of another tenant", async () => {
    await expect(place.others.fork(parent, { set: ["scoring.version=2"] })).rejects.toMatchObject({
      code: "not_found",
      message: `There is no job ${parent} in this store.`,
    });
  });
});
