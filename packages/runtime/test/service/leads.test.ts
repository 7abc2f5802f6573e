import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { artifactListSchema, leadPageSchema, leadSorts } from "@cmo/contract";
import type { Lead } from "@cmo/engine";
import { findLeadExporter } from "@cmo/exporters";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportJob } from "../../src/index.ts";
import { openServicePlace, type ServicePlace, smallConfig, storeKinds, textOf } from "./service-place.ts";

const presets = ["hubspot", "salesforce", "attio"];

describe.each(storeKinds)("Results of a service over %s", (kind) => {
  let place: ServicePlace;
  let jobId: string;
  let stored: Lead[];
  beforeAll(async () => {
    place = await openServicePlace(kind);
    jobId = await place.work(await place.service.submit({ config: smallConfig }));
    stored = [...(await place.runtime.store.readLeads(jobId, { limit: 1_000 }))];
  });
  afterAll(() => place.close());

  it("are leads in pages, sorted and filtered as they are wanted", async () => {
    const leads: Lead[] = [];
    for (let offset: number | null = 0; offset !== null; ) {
      const page = await place.service.leads(jobId, { offset, limit: 25 });
      expect(v.parse(leadPageSchema, page)).toEqual(page);
      expect(page.total).toBe(stored.length);
      leads.push(...page.leads);
      offset = page.next;
    }
    expect(leads).toEqual(stored);
    const { leads: few, total } = await place.service.leads(jobId, {
      contactable: true,
      minScore: 60,
      sort: "-followers",
    });
    expect(few.length).toBe(total);
    expect(few.every(({ contactable, score }) => contactable && score >= 60)).toBe(true);
    expect(few.map(({ followers }) => followers)).toEqual(
      few.map(({ followers }) => followers).toSorted((one, other) => other - one),
    );
    const [first] = stored;
    const found = await place.service.leads(jobId, { search: first?.login.toUpperCase() ?? "" });
    expect(found.leads.map(({ login }) => login)).toContain(first?.login);
    expect((await place.service.leads(jobId, { offset: 1_000_000 })).leads).toEqual([]);
    for (const sort of leadSorts)
      expect((await place.service.leads(jobId, { sort })).total).toBe(total === 0 ? 0 : stored.length);
  });

  it("are sorted by no key that leads do not have, and the nearest one is named", async () => {
    expect(await place.service.leads(jobId, { sort: "-score_fit" })).toEqual(
      await place.service.leads(jobId, { sort: "-scoreFit" }),
    );
    for (const call of [
      (sort: string) => place.service.leads(jobId, { sort }),
      (sort: string) => place.service.leadsFile(jobId, "csv", { sort }),
    ]) {
      await expect(call("-scroe")).rejects.toMatchObject({
        code: "usage",
        message: 'Leads are not sorted by "scroe".',
        hint: expect.stringMatching(
          /^Did you mean score\? There are rank, .*; -score is the greatest first\.$/,
        ),
      });
      for (const sort of ["", "-", "--score", "__proto__", "email", "x".repeat(10_000)]) {
        await expect(call(sort)).rejects.toMatchObject({ code: "usage" });
      }
    }
  });

  it.each([
    ["offset", { offset: -1 }],
    ["offset", { offset: 0.5 }],
    ["limit", { limit: 0 }],
    ["limit", { limit: 1_001 }],
    ["minScore", { minScore: Number.NaN }],
  ])("are not in a page with a wrong %s", async (field, query) => {
    await expect(place.service.leads(jobId, query)).rejects.toMatchObject({
      code: "usage",
      problems: [{ path: [field] }],
    });
  });

  it("S01 are files of the very bytes that an export writes, under the same names", async () => {
    const directory = await mkdtemp(join(tmpdir(), "cmo-export-"));
    await exportJob({ engine: place.runtime.engine, jobId, directory, presets });
    const { artifacts } = await place.service.artifacts(jobId);
    expect(v.parse(artifactListSchema, { artifacts })).toEqual({ artifacts });
    expect(artifacts.map(({ name }) => name).toSorted()).toEqual((await readdir(directory)).toSorted());
    for (const { name, format, mediaType } of artifacts) {
      const served = await place.service.artifact(jobId, name);
      const written = await readFile(join(directory, name), "utf8");
      expect(served.mediaType).toBe(mediaType);
      expect(await textOf(served)).toBe(written);
      if (format !== "summary")
        expect(await textOf(await place.service.leadsFile(jobId, format))).toBe(written);
    }
    await rm(directory, { recursive: true });
  });

  it("are told with the rows and digests of the log, where it has them", async () => {
    const { artifacts } = await place.service.artifacts(jobId);
    const { artifacts: logged } = await place.service.summary(jobId);
    expect(artifacts.map(({ format }) => format)).toEqual(["summary", "json", "csv", ...presets]);
    for (const { format, rows, digest } of artifacts) {
      const there = logged.find(({ kind: logKind }) => logKind === `leads_${format}`);
      expect({ rows, digest }).toEqual({ rows: there?.rows ?? null, digest: there?.digest ?? null });
    }
    expect(artifacts.find(({ format }) => format === "json")?.rows).toBe(stored.length);
  });

  it("are in no file of another name, and in none before the end", async () => {
    const names = [
      "",
      "leads.json",
      `${jobId}_leads`,
      `${jobId}_leads.JSON`,
      `${jobId}_leads.json/`,
      `../${jobId}_leads.json`,
      `x/../${jobId}_leads.json`,
      `${jobId}_leads.json\0`,
      "/etc/passwd",
      "__proto__",
    ];
    for (const name of names) {
      await expect(place.service.artifact(jobId, name)).rejects.toMatchObject({ code: "not_found" });
    }
    const { jobId: waiting } = await place.service.submit({ config: smallConfig });
    expect(await place.service.artifacts(waiting)).toEqual({ artifacts: [] });
    for (const name of [`${waiting}_leads.json`, "nonsense"]) {
      await expect(place.service.artifact(waiting, name)).rejects.toMatchObject({ code: "conflict" });
    }
    expect(await textOf(await place.service.leadsFile(waiting, "json"))).toContain('"count": 0');
    await place.service.cancel(waiting);
  });

  it("are files in every format, of those who are wanted only", async () => {
    const lines = (await textOf(await place.service.leadsFile(jobId, "ndjson", { sort: "-score" }))).split(
      "\n",
    );
    expect(lines.pop()).toBe("");
    expect(lines.map((line) => JSON.parse(line).score)).toEqual(
      stored.map(({ score }) => score).toSorted((one, other) => other - one),
    );
    const part = await textOf(await place.service.leadsFile(jobId, "json", { skip: 2, limit: 3 }));
    expect(JSON.parse(part)).toEqual({ count: 3, leads: stored.slice(2, 5) });
    const empty = await textOf(await place.service.leadsFile(jobId, "json", { limit: 0 }));
    expect(JSON.parse(empty)).toEqual({ count: 0, leads: [] });
    const { pieces, mediaType } = await place.service.leadsFile(jobId, "hubspot", { contactable: false });
    expect(mediaType).toBe("text/csv; charset=utf-8");
    // Nobody who may not be contacted is ever in it.
    expect(await textOf({ mediaType, pieces })).toBe(
      await textOf(await place.service.leadsFile(jobId, "hubspot")),
    );
    await expect(place.service.leadsFile(jobId, "xlsx")).rejects.toMatchObject({ code: "usage" });
    await expect(place.service.leadsFile(jobId, "json", { skip: -1 })).rejects.toMatchObject({
      code: "usage",
    });
  });

  it("S31 are read to the end of a file that was begun, whoever is suppressed or erased meanwhile", async () => {
    const other = await place.work(await place.service.submit({ config: smallConfig }));
    for (const format of ["json", "csv", "hubspot"]) {
      const served = await place.service.leadsFile(other, format);
      const gone = (await place.service.leads(other)).leads.find(({ contactable }) => contactable);
      const pieces: string[] = [];
      for await (const piece of served.pieces) {
        if (pieces.length === 0) {
          await place.service.addSuppressions([gone?.login ?? ""]);
          await place.runtime.store.updateJob(other, () => ({ clearLeads: true }));
        }
        pieces.push(String(piece));
      }
      expect(pieces.join("")).toContain(gone?.login);
      if (format === "json") {
        const { count, leads } = JSON.parse(pieces.join(""));
        expect(leads).toHaveLength(count);
      }
      await place.service.removeSuppressions([gone?.login ?? ""]);
      await place.runtime.store.updateJob(other, () => ({ leads: stored }));
    }
    // Whoever comes then is served without them.
    await place.service.addSuppressions([stored[0]?.login ?? ""]);
    const after = await textOf(await place.service.artifact(other, findLeadExporter("csv").fileName(other)));
    expect(after).not.toContain(`,${stored[0]?.login},`);
    await place.service.removeSuppressions([stored[0]?.login ?? ""]);
  });
});
