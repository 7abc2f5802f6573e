import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCampaignService } from "../../src/index.ts";
import { openServicePlace, type ServicePlace, smallConfig, storeKinds } from "./service-place.ts";

const yaml = `name: from-text
params:
  language: Go
  target_leads: 5
source: simulator
`;

describe.each(storeKinds)("Submitting to a service over %s", (kind) => {
  let place: ServicePlace;
  beforeAll(async () => {
    place = await openServicePlace(kind);
  });
  afterAll(() => place.close());

  const specOf = async (jobId: string) => (await place.runtime.engine.job(jobId))?.spec;

  it("puts a config into the queue, for the tenant, with the values that were set over it", async () => {
    const submission = await place.service.submit({
      config: smallConfig,
      set: ["language=Go", "stars_range=500..5000", "target_leads=50"],
      priority: 7,
      notBefore: new Date(Date.now() + 3_600_000).toISOString(),
    });
    expect(submission).toMatchObject({ name: "small", targetLeads: 50, priority: 7, warnings: [] });
    const job = await place.runtime.engine.job(submission.jobId);
    expect(job).toMatchObject({
      tenant: "acme",
      status: "queued",
      priority: 7,
      notBefore: Date.parse(submission.notBefore ?? ""),
      spec: { targetLeads: 50, icp: { languages: ["Go"], starsRange: { min: 500, max: 5000 } } },
    });
    expect(submission.createdAt).toBe(new Date(job?.createdAt ?? 0).toISOString());
  });

  it("S21 reads YAML as text, and tells every problem with its line, at once", async () => {
    expect(await place.service.submit({ config: yaml })).toMatchObject({ name: "from-text", targetLeads: 5 });
    const before = await place.service.jobs();
    const submitting = place.service.submit({
      config: "params:\n  langauge: Go\n  stars_range: many\nsource: simulator\n",
      set: ["nonsense", "targetleads=5"],
    });
    await expect(submitting).rejects.toMatchObject({
      code: "config_invalid",
      problems: [
        { path: ["--set"], message: expect.stringContaining("key=value") },
        { path: ["--set", "targetleads"], suggestion: "target_leads" },
        { path: ["params", "langauge"], suggestion: "language", line: 2, column: 3 },
        { path: ["params", "stars_range"], line: 3, column: 3 },
      ],
    });
    await expect(place.service.submit({ config: "a: [" })).rejects.toMatchObject({
      problems: [{ line: 1 }],
    });
    expect(await place.service.jobs()).toEqual(before);
  });

  it("says what is accepted and has no effect", async () => {
    const { warnings } = await place.service.submit({
      config: "params: { budget_per_day: 3 }\nsource: simulator\n",
      set: ["activity_days=5", "pushed_since=2026-01-01"],
    });
    expect(warnings.map(({ path }) => path.join("."))).toEqual([
      "--set.params.activity_days",
      "params.budget_per_day",
    ]);
    expect(warnings[1]).toMatchObject({ line: 1, message: expect.stringContaining("no effect") });
  });

  it("takes a spec that an estimate gave, with the hashes of whom it leaves out, as it is", async () => {
    const { spec } = await place.service.estimate({
      config: { ...smallConfig, suppress: ["ada", "@x.example"] },
    });
    const { jobId, warnings } = await place.service.submit({ spec: JSON.parse(JSON.stringify(spec)) });
    expect(await specOf(jobId)).toEqual(spec);
    expect((await specOf(jobId))?.suppress).toHaveLength(2);
    expect(warnings).toEqual([]);
  });

  it("holds a spec to the bounds of a config, to this agent and to its stages", async () => {
    const { spec } = await place.service.estimate({ config: smallConfig });
    const problemsOf = (changes: Record<string, unknown>) =>
      place.service.submit({ spec: { ...spec, ...changes } }).then(
        () => [],
        ({ code, problems }) => [code, ...problems.map(({ path }: { path: string[] }) => path.join("."))],
      );
    expect(await problemsOf({ targetLeads: 1e9, extra: 1 })).toEqual([
      "config_invalid",
      "extra",
      "targetLeads",
    ]);
    expect(await problemsOf({ agent: { name: "another", version: "1" } })).toEqual([
      "config_invalid",
      "agent.name",
    ]);
    expect(await problemsOf({ plan: ["mine"] })).toEqual(["config_invalid", "plan"]);
    expect(await problemsOf({ plan: ["discovery\nextraction"] })).toEqual(["config_invalid", "plan.0"]);
    expect(await problemsOf({ pushedSince: "2099-01-01" })).toEqual(["config_invalid", "pushedSince"]);
  });

  it("takes the older form: a goal as it stands, and metadata without effect", async () => {
    const goal = "  Find {{ language }} people, {{nobody}} knows  ";
    const { jobId, ...submission } = await place.service.submit({
      goal,
      metadata: { source: "older", deep: { er: [1] } },
      set: ["source=simulator", "budget_per_day=2"],
    });
    expect(submission).toMatchObject({
      name: "campaign",
      goal: goal.trim(),
      warnings: [{ path: ["metadata"] }, { path: ["--set", "params", "budget_per_day"] }],
    });
    expect(await specOf(jobId)).toMatchObject({ goal: goal.trim(), targetLeads: 50 });
  });

  it.each([
    ["a goal of white space", { goal: " \t " }, "goal"],
    ["a goal with control characters", { goal: "a\u0000b" }, "goal"],
    ["neither goal nor config_path", { metadata: {} }, "goal"],
    ["an instant that does not exist", { config: {}, notBefore: "2030-02-99T00:00:00Z" }, "notBefore"],
    ["a time that nobody lives to see", { config: {}, notBefore: "9999-01-01T00:00:00Z" }, "notBefore"],
  ])("S36 refuses %s, naming the field", async (_what, request, field) => {
    await expect(place.service.submit(request)).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:usage|config_invalid)$/),
      problems: [{ path: [field] }],
    });
  });

  it("refuses what is nested beyond all meaning, as anything but a fault of its own", async () => {
    let deep: unknown = [];
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    for (const request of [
      { config: { params: deep } },
      { goal: "x", metadata: { deep } },
      { spec: { deep } },
    ]) {
      await expect(place.service.submit(request)).rejects.toMatchObject({ code: "usage" });
    }
  });

  it("tells whether a config is right, and what it comes to, starting nothing", async () => {
    const before = await place.service.jobs();
    expect(await place.service.validate({ config: yaml })).toEqual({
      valid: true,
      problems: [],
      warnings: [],
      campaign: {
        name: "from-text",
        goal: expect.stringContaining("Go"),
        targetLeads: 5,
        pushedSince: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
        source: "simulator",
        schedule: null,
      },
    });
    expect(await place.service.validate({ config: { params: { target_leads: "many" } } })).toMatchObject({
      valid: false,
      problems: [{ path: ["params", "target_leads"] }],
      campaign: null,
    });
    const { estimate } = await place.service.estimate({ config: smallConfig });
    expect(estimate?.requests.low).toBeGreaterThan(0);
    await expect(place.service.estimate({ config: { nobody: 1 } })).rejects.toMatchObject({
      code: "config_invalid",
      problems: [{ path: ["nobody"] }],
    });
    expect(await place.service.jobs()).toEqual(before);
  });

  it("S24 a dry run is the job's own", async () => {
    const dry = await place.service.submit({ config: { ...smallConfig, features: { dry_run: true } } });
    const wet = await place.service.submit({ config: smallConfig });
    expect(await place.service.job(dry.jobId)).toMatchObject({ dryRun: true });
    expect(await place.service.job(wet.jobId)).toMatchObject({ dryRun: false });
    await place.work(dry);
    expect(await place.service.artifacts(dry.jobId)).toEqual({ artifacts: [] });
  });

  it("S38 gives the same job for the same key, to each tenant its own", async () => {
    const idempotencyKey = `key-${kind}`.replace(" ", "-");
    const request = { config: { ...smallConfig, params: { ...smallConfig.params, budget_per_day: 1 } } };
    const all = await Promise.all([1, 2, 3].map(() => place.service.submit(request, { idempotencyKey })));
    const turned = { config: Object.fromEntries(Object.entries(request.config).reverse()) };
    all.push(await place.service.submit(turned, { idempotencyKey }));
    expect(new Set(all.map((submission) => JSON.stringify(submission))).size).toBe(1);
    expect(all[0]?.warnings).toHaveLength(1);
    const others = await place.others.submit(request, { idempotencyKey });
    expect(others.jobId).not.toBe(all[0]?.jobId);
    await expect(place.service.submit({ ...request, priority: 1 }, { idempotencyKey })).rejects.toMatchObject(
      { code: "conflict", problems: [{ path: ["idempotencyKey"] }] },
    );
    for (const key of ["", "a b", "ü", "x".repeat(256)]) {
      await expect(place.service.submit(request, { idempotencyKey: key })).rejects.toMatchObject({
        code: "usage",
      });
    }
  });

  it("S38 gives the same answer when the job has gone on, and the server's file has changed since", async () => {
    await place.writeConfig("once.yaml", "name: once\nsource: { type: simulator, repositories: 60 }\n");
    const request = { config_path: "once.yaml", metadata: {}, set: ["target_leads=1"] };
    const call = { idempotencyKey: `file-${kind.length}` };
    const first = await place.service.submit(request, call);
    await place.work(first);
    await place.writeConfig("once.yaml", "not: right");
    expect(await place.service.submit(request, call)).toEqual(first);
    await expect(place.service.submit(request)).rejects.toMatchObject({ code: "config_invalid" });
    await place.service.eraseJobs({ jobIds: [first.jobId] });
    await expect(place.service.submit(request, call)).rejects.toMatchObject({
      code: "conflict",
      problems: [],
    });
  });

  it("S38 counts no key for a request that was refused", async () => {
    const call = { idempotencyKey: `refused-${kind.length}` };
    await expect(place.service.submit({ config: { nobody: 1 } }, call)).rejects.toMatchObject({
      code: "config_invalid",
    });
    await expect(place.service.submit({ config: smallConfig }, call)).resolves.toMatchObject({
      name: "small",
    });
  });
});

describe("createCampaignService", () => {
  it.each(["", "A", "a b", "../a", "a".repeat(64), "-a", "ä"])(
    "is for no tenant called %j",
    async (tenant) => {
      const place = await openServicePlace("memory");
      expect(() => createCampaignService(place.runtime, { tenant, configDirectory: null })).toThrow(
        expect.objectContaining({ code: "usage" }),
      );
      await place.close();
    },
  );

  it("is for the tenant of a machine's own when none is named", async () => {
    const place = await openServicePlace("memory");
    const local = createCampaignService(place.runtime, { configDirectory: null });
    const { jobId } = await local.submit({ config: smallConfig });
    expect(await place.runtime.engine.job(jobId)).toMatchObject({ tenant: "local" });
    await place.close();
  });
});
