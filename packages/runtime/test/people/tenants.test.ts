import { mkdir, rm } from "node:fs/promises";
import { type Lead, showPerson } from "@cmo/engine";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportJob } from "../../src/export/export-job.ts";
import { peopleParts, purgeEverything, purgeOlderThan, purgePerson } from "../../src/people/purge.ts";
import type { StoredRuntime } from "../../src/runtime/open-runtime.ts";
import {
  type Canary,
  canaryOf,
  openPeoplePlace,
  type PeoplePlace,
  peopleSpec,
  somebody,
} from "./people-place.ts";

let place: PeoplePlace;
beforeEach(async () => {
  place = await openPeoplePlace();
});
afterEach(() => place.close());

describe("Two tenants of one store who found the same person", () => {
  it("S35 have reports of their own, and an erase of one leaves the other's data and files as they are", async () => {
    const { runtime, someone, ours, theirs } = await bothFound();
    const report = (tenant: string) => showPerson(peopleParts(runtime), someone.login, { tenant });
    const before = await report("other");
    expect(before.records.some(({ table }) => table === "first_seen")).toBe(true);
    expect(new Set(before.records.map(({ jobId }) => jobId))).toEqual(new Set([theirs, null]));
    expect(before.files.every(({ jobId }) => jobId === theirs)).toBe(true);
    const leads = await leadsOf(runtime, theirs);

    const erasure = await purgePerson(runtime, someone.login, { tenant: "acme", suppress: false });
    expect(erasure).toMatchObject({ found: true, jobs: [ours], state: "done" });
    expect(erasure.files.length).toBeGreaterThan(0);
    expect(erasure.files.every(({ jobId }) => jobId === ours)).toBe(true);
    expect(await report("acme")).toMatchObject({ records: [], files: [] });
    expect(await report("other")).toEqual(before);
    expect(await leadsOf(runtime, theirs)).toEqual(leads);
    expect(leads.map(({ login }) => login)).toContain(someone.login);
    expect((await leadsOf(runtime, ours)).map(({ login }) => login)).not.toContain(someone.login);
    // The last one who holds them is the last place where they stand.
    await purgePerson(runtime, someone.login, { tenant: "other", suppress: false });
    expect(await place.found([someone.login, someone.email, someone.nodeId])).toEqual([]);
    await runtime.close();
  });

  it("do not hear of each other's files, though an erase of one sees to what was left of another's", async () => {
    const { runtime, someone, ours, theirs } = await bothFound();
    const [inTheWay] = (await runtime.store.readFiles(theirs)).filter(({ format }) => format === "csv");
    const path = inTheWay?.path ?? "";
    await rm(path);
    await mkdir(path);
    const first = await purgePerson(runtime, someone.login, { tenant: "other" });
    expect(first.files.filter(({ outcome }) => outcome === "failed")).toMatchObject([{ path }]);
    await rm(path, { recursive: true });
    const { files } = await purgePerson(runtime, someone.login, { tenant: "acme" });
    expect(new Set(files.map(({ jobId }) => jobId))).toEqual(new Set([ours]));
    expect((await purgePerson(runtime, "nobody-else")).files).toEqual([]);
    await runtime.close();
  });

  it("S35 let go of everything of their own, and of nothing else", async () => {
    const { runtime, someone, ours, theirs } = await bothFound();
    const { jobs, files } = await purgeEverything(runtime, { tenant: "acme" });
    expect({ jobs, files: new Set(files.map(({ jobId }) => jobId)) }).toEqual({
      jobs: [ours],
      files: new Set([ours]),
    });
    expect((await leadsOf(runtime, theirs)).map(({ login }) => login)).toContain(someone.login);
    const nextYear = runtime.host.clock.now() + 365 * 86_400_000;
    expect((await purgeOlderThan(runtime, nextYear, { tenant: "acme" })).jobs).toEqual([]);
    expect((await purgeOlderThan(runtime, nextYear, { tenant: "other" })).jobs).toEqual([theirs]);
    await runtime.close();
  });
});

/** A store in which two tenants have run the same campaign and written its files. */
async function bothFound(): Promise<{
  runtime: StoredRuntime;
  someone: Canary;
  ours: string;
  theirs: string;
}> {
  const { lead, repositoryId } = await somebody((leads) => leads[0]);
  const someone = canaryOf("zephyrine-q", lead, repositoryId);
  const runtime = await place.open([someone]);
  const run = async (tenant: string) => {
    const { jobId } = await runtime.engine.runInproc(await peopleSpec(runtime), [], { tenant });
    await exportJob({ engine: runtime.engine, jobId: jobId ?? "", directory: place.exports });
    return jobId ?? "";
  };
  return { runtime, someone, ours: await run("acme"), theirs: await run("other") };
}

async function leadsOf({ engine }: StoredRuntime, jobId: string): Promise<readonly Lead[]> {
  const leads: Lead[] = [];
  for await (const lead of engine.leads(jobId)) leads.push(lead);
  return leads;
}
