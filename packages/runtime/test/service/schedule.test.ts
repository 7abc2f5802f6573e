import { createClock, followingJobId, type Job } from "@cmo/engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeDigest } from "../../src/host/node-digest.ts";
import { maintainStore } from "../../src/people/maintain-store.ts";
import { openServicePlace, type ServicePlace, smallConfig, storeKinds } from "./service-place.ts";

// A Saturday. A run takes no time by this clock, so that its next time is that of Monday.
const now = Date.parse("2026-11-28T12:00:00.000Z");
const host = { clock: { now: () => now, sleep: createClock(globalThis).sleep } };
const weekly = { cron: "0 6 * * 1", time_zone: "Europe/Vienna" };
const monday = "2026-11-30T05:00:00.000Z";

describe.each(storeKinds)("Schedules of a service over %s", (kind) => {
  let place: ServicePlace;
  beforeAll(async () => {
    place = await openServicePlace(kind, host);
  });
  afterAll(() => place.close());

  const scheduled = (name: string, more: object = {}) => ({
    ...smallConfig,
    name,
    schedule: weekly,
    ...more,
  });

  /** Runs a campaign once, and gives its job and what comes after it. */
  async function ran(name: string, more: object = {}): Promise<{ first: Job; next: Job }> {
    const id = await place.work(await place.service.submit({ config: scheduled(name, more) }));
    const view = await place.service.job(id);
    const first = await place.runtime.store.readJob(id);
    const next = await place.runtime.store.readJob(view.schedule?.nextJobId ?? "");
    if (first === null || next === null) throw new Error(`${name} has no next run`);
    return { first, next };
  }

  it("run a campaign, and put in its next run as it is to be then", async () => {
    const { first, next } = await ran("weekly", { goal_template: "Since {{ pushed_since }} for {{ name }}" });
    expect(first).toMatchObject({ status: "completed", tenant: "acme" });
    expect(next).toMatchObject({ status: "queued", tenant: "acme", notBefore: Date.parse(monday) });
    expect(next.spec).toMatchObject({
      asOf: monday,
      pushedSince: "2025-11-30",
      goal: "Since 2025-11-30 for weekly",
      schedule: { cron: "0 6 * * 1", timeZone: "Europe/Vienna", firstJobId: first.id },
    });
    expect(first.spec).toMatchObject({ pushedSince: "2025-11-28", goal: "Since 2025-11-28 for weekly" });
    const { jobs } = await place.service.jobs({ scheduled: true, status: ["queued"] });
    expect(jobs).toMatchObject([{ id: next.id, state: "scheduled", notBefore: monday, name: "weekly" }]);
    expect((await place.others.jobs({ scheduled: true })).jobs).toEqual([]);
  });

  it("begin with the schedule's first time when they are told to", async () => {
    const config = scheduled("later", { schedule: { ...weekly, first_run: "scheduled" } });
    const submission = await place.service.submit({ config });
    expect(submission.notBefore).toBe(monday);
    expect(await place.runtime.engine.job(submission.jobId)).toMatchObject({ spec: { asOf: monday } });
  });

  it("end with the run that waits: cancelled or erased; a run that was retried or forked has none", async () => {
    const { first, next } = await ran("ending");
    const fork = await place.service.fork(first.id, { set: ["target_leads=1"] });
    expect(fork.schedule).toBeNull();
    await expect(place.service.fork(first.id, { set: ["schedule=@daily"] })).rejects.toMatchObject({
      code: "usage",
    });
    expect(await place.service.cancel(next.id)).toMatchObject({ status: "cancelled" });
    expect((await place.service.retry(next.id)).schedule).toBeNull();

    const other = await ran("erased");
    await place.service.eraseJobs({ jobIds: [other.next.id] });
    await expect(place.service.job(other.next.id)).rejects.toMatchObject({ code: "not_found" });
    const { jobs } = await place.service.jobs({ scheduled: true, status: ["queued", "paused", "running"] });
    expect(jobs.map(({ name }) => name)).not.toContain("ending");
    expect(jobs.map(({ name }) => name)).not.toContain("erased");
  });

  it("S35 go on where a run was interrupted and is erased for its age", async () => {
    const { store } = place.runtime;
    const { next } = await ran("left");
    // Begun by a worker that is gone, longer ago than it is to be kept.
    const lease = { leaseOwner: "worker-gone", leaseUntil: 1, epoch: 1 };
    const begun = { status: "running", startedAt: 1, attempt: 1, attemptOpen: false } as const;
    await store.updateJob(next.id, () => ({ patch: { ...begun, ...lease, keepUntil: 1 } }));
    expect((await maintainStore(place.runtime)).jobs).toEqual([next.id]);
    const { jobs } = await place.service.jobs({ scheduled: true, status: ["queued", "paused", "running"] });
    const open = jobs.filter(({ name }) => name === "left");
    expect(open).toMatchObject([{ id: followingJobId(next.id, nodeDigest), notBefore: monday }]);
  });

  it("give their place to the same campaign when it is submitted again", async () => {
    const { next } = await ran("again");
    const later = await ran("again", { schedule: { ...weekly, cron: "0 7 * * 1" } });
    expect(await place.service.job(next.id)).toMatchObject({ status: "cancelled", startedAt: null });
    expect(later.next.spec.schedule).toMatchObject({ cron: "0 7 * * 1", firstJobId: later.first.id });
    expect((await place.service.summary(later.first.id)).warnings).toContainEqual(
      expect.objectContaining({ code: "schedule.replaced" }),
    );
    const key = { idempotencyKey: `again-${kind.replace(" ", "-")}` };
    const config = scheduled("again");
    const submission = await place.service.submit({ config }, key);
    expect(await place.service.submit({ config }, key)).toEqual(submission);
    const open = await place.service.jobs({ scheduled: true, status: ["queued"] });
    expect(open.jobs.filter(({ name }) => name === "again").map(({ id }) => id)).toEqual([submission.jobId]);
  });

  it("export only whom no run before exported, those beside the schedule too", async () => {
    let time = now;
    const later = await openServicePlace(kind, { clock: { now: () => time, sleep: host.clock.sleep } });
    try {
      const { service, runtime, work } = later;
      const few = { ...smallConfig.params, target_leads: 6 };
      const config = scheduled("new every week", { params: few, only_new: true });
      const first = await work(await service.submit({ config }));
      const { schedule: _once, ...once } = config;
      time += 3_600_000;
      const byHand = await work(await service.submit({ config: once }));
      time = Date.parse(monday);
      const next = await work({ jobId: (await service.job(first)).schedule?.nextJobId ?? "" });
      const exported: string[] = [];
      for (const jobId of [first, byHand, next]) {
        const leads = await runtime.store.readLeads(jobId, { contactable: true, limit: 100 });
        expect(leads).toHaveLength(6);
        exported.push(...leads.map(({ nodeId }) => nodeId));
      }
      expect(new Set(exported).size).toBe(exported.length);
      expect(await service.summary(next)).toMatchObject({ onlyNew: { baselineJobId: first } });
    } finally {
      await later.close();
    }
  });

  it("S21 are refused on every way in, with the key and the line", async () => {
    const before = await place.service.jobs();
    const bad = { cron: "0 25 * * *", time_zone: "Europe/Viena" };
    const problems = [
      { path: ["schedule", "cron"], message: expect.stringContaining("the hour is 0 to 23") },
      { path: ["schedule", "time_zone"], suggestion: "Europe/Vienna" },
    ];
    await expect(place.service.submit({ config: { ...smallConfig, schedule: bad } })).rejects.toMatchObject({
      code: "config_invalid",
      problems,
    });
    const text = "source: simulator\nschedule:\n  cron: 0 25 * * *\n  time_zone: UTC\n";
    await expect(place.service.submit({ config: text })).rejects.toMatchObject({
      problems: [{ path: ["schedule", "cron"], line: 3, column: 3 }],
    });
    await expect(
      place.service.submit({ config: smallConfig, set: ["schedule=0 25 * * *"] }),
    ).rejects.toMatchObject({ problems: [{ path: ["--set", "schedule"] }] });
    const { spec } = await place.service.estimate({ config: scheduled("spec") });
    expect(spec.schedule).toMatchObject({ cron: "0 6 * * 1" });
    await expect(
      place.service.submit({ spec: { ...spec, schedule: { cron: "0 0 30 2 *", timeZone: "Nowhere" } } }),
    ).rejects.toMatchObject({ problems: [{ path: ["schedule", "timeZone"] }] });
    await expect(
      place.service.submit({ spec: { ...spec, schedule: { cron: "0 0 30 2 *", timeZone: "UTC" } } }),
    ).rejects.toMatchObject({
      problems: [{ path: ["schedule", "cron"], message: expect.stringContaining("there is no such day") }],
    });
    await place.writeConfig("often.yaml", 'source: github\nschedule: "* * * * *"\n');
    await expect(place.service.submit({ config_path: "often.yaml" })).rejects.toMatchObject({
      problems: [{ path: ["config_path"] }],
    });
    expect(await place.service.jobs()).toEqual(before);
  });

  it("may come every minute on the simulator, and every five against GitHub", async () => {
    const problemsOf = async (source: string, cron: string) =>
      (await place.service.validate({ config: { source, schedule: { cron, time_zone: "UTC" } } })).problems;
    expect(await problemsOf("simulator", "* * * * *")).toEqual([]);
    for (const cron of ["*/5 * * * *", "0,30 * * * *", "@hourly", "0 6 * * 1", "0 0 29 2 *"]) {
      expect(await problemsOf("github", cron), cron).toEqual([]);
    }
    for (const cron of ["*/4 * * * *", "0,59 * * * *", "58,2 3 1 * *", "59,0 0,23 * * *", "10-12 6 * * 1"]) {
      const bad = cron === "58,2 3 1 * *" ? [] : [{ message: expect.stringContaining("5 minutes or more") }];
      expect(await problemsOf("github", cron), cron).toMatchObject(bad);
    }
  });

  it("say when they come, and that nobody said by whose clocks", async () => {
    const { campaign, warnings } = await place.service.validate({
      config: { source: "simulator", schedule: "0 6 * * 1" },
    });
    expect(campaign?.schedule).toEqual({
      cron: "0 6 * * 1",
      timeZone: "UTC",
      next: ["2026-11-30T06:00:00.000Z", "2026-12-07T06:00:00.000Z", "2026-12-14T06:00:00.000Z"],
    });
    expect(warnings).toMatchObject([
      { path: ["schedule"], message: expect.stringContaining("is read in UTC") },
    ]);
    const told = await place.service.validate({ config: { source: "simulator", schedule: weekly } });
    expect(told).toMatchObject({ warnings: [], campaign: { schedule: { next: [monday, {}, {}] } } });
  });

  it("do nothing for a dry run, and say so", async () => {
    const config = scheduled("dry", { features: { dry_run: true } });
    const submission = await place.service.submit({ config });
    expect(submission.warnings).toMatchObject([{ path: ["schedule"] }]);
    await place.work(submission);
    expect((await place.service.job(submission.jobId)).schedule).toBeNull();
  });

  it("keep the words of a goal that was given in place of the template's", async () => {
    await place.writeConfig(
      "weekly.yaml",
      `${JSON.stringify(scheduled("words", { goal_template: "up to {{ as_of }}" }))}\n`,
    );
    const id = await place.work(
      await place.service.submit({ goal: "Just these", config_path: "weekly.yaml" }),
    );
    const { schedule } = await place.service.job(id);
    expect(await place.service.job(schedule?.nextJobId ?? "")).toMatchObject({ goal: "Just these" });
  });
});
