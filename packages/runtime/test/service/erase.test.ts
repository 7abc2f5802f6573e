import { access, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { jobsErasedSchema, personErasedSchema, personReportSchema } from "@cmo/contract";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportJob } from "../../src/index.ts";
import { openServicePlace, type ServicePlace, smallConfig, storeKinds, textOf } from "./service-place.ts";

const never = "1970-01-02T00:00:00.000Z";
const everything = "2999-01-01T00:00:00.000Z";

describe.each(storeKinds)("Erasing through a service over %s", (kind) => {
  let place: ServicePlace;
  beforeEach(async () => {
    place = await openServicePlace(kind);
  });
  afterEach(() => place.close());

  const submit = async (service = place.service) => (await service.submit({ config: smallConfig })).jobId;
  const idsOf = async (service = place.service) => (await service.jobs()).jobs.map(({ id }) => id);
  const exportOf = (jobId: string) =>
    exportJob({ engine: place.runtime.engine, jobId, directory: join(place.folder, "exports") });

  it("S35 takes jobs with their files, and says how many and not where", async () => {
    const [first, second] = [await place.work({ jobId: await submit() }), await submit()];
    await exportOf(first);
    const plan = await place.service.eraseJobs({ jobIds: [first, first, second] }, { dryRun: true });
    expect(plan).toEqual({ dryRun: true, jobs: [first, second], held: [], state: null, files: null });
    expect(await idsOf()).toEqual([second, first]);
    const erased = await place.service.eraseJobs({ jobIds: [first, first, second] });
    expect(v.parse(jobsErasedSchema, erased)).toEqual(erased);
    expect(erased).toEqual({
      dryRun: false,
      jobs: [first, second],
      held: [],
      state: "done",
      files: { rewritten: 0, removed: 3, missing: 0, failed: 0 },
    });
    expect(await idsOf()).toEqual([]);
    expect(await readdir(join(place.folder, "exports"))).toEqual([]);
    await expect(place.service.eraseJobs({ jobIds: [first] })).rejects.toMatchObject({ code: "not_found" });
  });

  it("S37 takes what is old, and all, of the tenant only; and says before which that would be", async () => {
    const own = [await submit(), await submit()];
    const foreign = await place.work({ jobId: await submit(place.others) });
    await exportOf(foreign);
    expect(await place.service.eraseJobs({ before: never })).toMatchObject({ jobs: [], held: [] });
    await place.runtime.store.updateJob(own[0] ?? "", (_job, now) => ({
      patch: { status: "running", leaseOwner: "w", leaseUntil: now + 60_000 },
    }));
    const plan = await place.service.eraseJobs({ before: everything }, { dryRun: true });
    expect(plan).toMatchObject({ jobs: [own[1]], held: [own[0]], state: null });
    expect(await place.service.eraseJobs({ all: true }, { dryRun: true })).toMatchObject({
      jobs: [own[1], own[0]],
      held: [],
    });
    expect(await idsOf()).toHaveLength(2);
    expect(await place.service.eraseJobs({ before: everything })).toMatchObject({
      jobs: [own[1]],
      held: [own[0]],
      files: { rewritten: 0, removed: 0, missing: 0, failed: 0 },
    });
    await place.runtime.store.updateJob(own[0] ?? "", () => ({
      patch: { status: "queued", leaseOwner: null, leaseUntil: null },
    }));
    expect(await place.service.eraseJobs({ all: true })).toMatchObject({ jobs: [own[0]], held: [] });
    expect(await idsOf(place.others)).toEqual([foreign]);
    await access(join(place.folder, "exports", `${foreign}_leads.json`));
    for (const before of ["", "yesterday", "2030-02-99T00:00:00Z"]) {
      await expect(place.service.eraseJobs({ before })).rejects.toMatchObject({
        code: "usage",
        problems: [{ path: ["before"] }],
      });
    }
  });

  it("S37 says nothing of files that are left of another tenant", async () => {
    const foreign = await place.work({ jobId: await submit(place.others) });
    await exportOf(foreign);
    const inTheWay = join(place.folder, "exports", `${foreign}_leads.csv`);
    await rm(inTheWay);
    await mkdir(join(inTheWay, "inside"), { recursive: true });
    expect(await place.others.eraseJobs({ jobIds: [foreign] })).toMatchObject({
      files: { removed: 2, failed: 1 },
    });
    const own = await submit();
    expect(await place.service.eraseJobs({ jobIds: [own] })).toMatchObject({
      jobs: [own],
      files: { rewritten: 0, removed: 0, missing: 0, failed: 0 },
    });
  });

  it("S35 S37 shows and takes what the tenant holds about a person, and nothing of another's", async () => {
    const own = await place.work({ jobId: await submit() });
    const foreign = await place.work({ jobId: await submit(place.others) });
    await exportOf(own);
    await exportOf(foreign);
    const { leads } = await place.service.leads(own);
    const someone = leads.find(({ contactable }) => contactable);
    const login = someone?.login ?? "";

    const report = await place.service.person(login.toUpperCase());
    expect(v.parse(personReportSchema, report)).toEqual(report);
    expect(report.identity.ids).toEqual([someone?.nodeId]);
    expect(new Set(report.records.flatMap(({ jobId }) => jobId ?? []))).toEqual(new Set([own]));
    expect(report.files.map(({ format }) => format).toSorted()).toEqual(["csv", "json", "summary"]);
    expect(report.files.every(({ jobId }) => jobId === own)).toBe(true);
    expect(JSON.stringify(report)).not.toContain(place.folder);
    expect(await place.service.person(`id:${someone?.nodeId}`)).toMatchObject({ identity: report.identity });

    const erased = await place.service.erasePerson(login);
    expect(v.parse(personErasedSchema, erased)).toEqual(erased);
    expect(erased).toMatchObject({
      found: true,
      jobs: [own],
      state: "done",
      files: { rewritten: 3, removed: 0, missing: 0, failed: 0 },
    });
    expect(erased.suppressed).toBeGreaterThan(0);
    expect(JSON.stringify(erased)).not.toContain(place.folder);
    expect((await place.service.person(login)).records).toEqual([]);
    expect(await textOf(await place.service.leadsFile(own, "json"))).not.toContain(login);
    // Theirs is kept, and yet nobody is served who wants to be left alone.
    expect((await place.others.person(login)).records.length).toBeGreaterThan(0);
    expect(
      (await place.runtime.store.readLeads(foreign, { limit: 1_000 })).some((lead) => lead.login === login),
    ).toBe(true);
    expect(await textOf(await place.others.leadsFile(foreign, "json"))).not.toContain(login);
  });

  it("suppresses nobody who is only to be forgotten, and names nobody who is none", async () => {
    expect(await place.service.erasePerson("nobody-here", { suppress: false })).toMatchObject({
      found: false,
      suppressed: 0,
    });
    expect(await place.service.suppressions()).toEqual({ entries: [], next: null });
    for (const text of ["", "ada@works.example", "@works.example", "a b", "x".repeat(500), "../x", "\0"]) {
      await expect(place.service.person(text)).rejects.toMatchObject({ code: "usage" });
      await expect(place.service.erasePerson(text)).rejects.toMatchObject({ code: "usage" });
    }
  });
});
