import { profileTask } from "@cmo/agent";
import { type JobDiff, jobDiffSchema } from "@cmo/contract";
import type { Lead } from "@cmo/engine";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServicePlace, type ServicePlace, smallConfig, storeKinds } from "./service-place.ts";

describe.each(storeKinds)("Differences of jobs over %s", (kind) => {
  let place: ServicePlace;
  let first: string;
  let leads: readonly Lead[];
  beforeAll(async () => {
    place = await openServicePlace(kind);
    first = await run();
    leads = await place.runtime.store.readLeads(first, { limit: 1_000 });
  });
  afterAll(() => place.close());

  const run = async (...set: string[]) =>
    place.work(await place.service.submit({ config: smallConfig, set }));
  /** The difference, checked against its schema. */
  async function diff(a: string, b: string, limit?: number): Promise<JobDiff> {
    const found = await place.service.diff(a, b, { limit });
    expect(v.parse(jobDiffSchema, JSON.parse(JSON.stringify(found)))).toEqual(found);
    return found;
  }
  /** A lead of the first job who is to be found in the others as well. */
  const someone = (index: number): Lead => {
    const lead = leads[index];
    if (lead === undefined) throw new Error("no leads");
    return lead;
  };

  it("are none between a job and itself, nor between two runs that found the same", async () => {
    const again = await run();
    for (const other of [first, again]) {
      const found = await diff(first, other);
      expect(found).toMatchObject({ same: true, unchanged: leads.length, summary: [] });
      expect(found.a).toMatchObject({ jobId: first, leads: leads.length, hidden: 0, name: "small" });
      for (const part of [found.added, found.gone, found.changed, found.moved]) {
        expect(part).toEqual({ count: 0, leads: [] });
      }
    }
    // The second one was answered by the cache: that is told, and no difference.
    expect((await diff(first, again)).quota.map(({ key }) => key)).toContain("cacheHits");
  });

  it("are the parts of the score that changed, with what they rest on, and the keys that did it", async () => {
    const other = await run("scoring.weights.fit.stars=40", "scoring.version=2");
    const found = await diff(first, other);
    expect(found.same).toBe(false);
    expect(found.spec).toEqual(
      expect.arrayContaining([
        { key: "scoring.version", a: 1, b: 2 },
        { key: "scoring.weights.fit.stars", a: 10, b: 40 },
      ]),
    );
    // More than were wanted may be contacted: another weight lets another one in.
    expect(found.added.count).toBe(found.gone.count);
    for (const { reason } of [...found.added.leads, ...found.gone.leads]) {
      expect(reason).toEqual({ code: "over_target", text: "that job had its 30 leads without them" });
    }
    expect(found.changed.count).toBeGreaterThan(5);
    const now = await place.runtime.store.readLeads(other, { limit: 1_000 });
    for (const { nodeId, rankA, rankB, signals, fields } of found.changed.leads) {
      const [before, after] = [leads, now].map((list) => list.find((lead) => lead.nodeId === nodeId));
      expect([rankA, rankB]).toEqual([before?.rank, after?.rank]);
      expect(signals.map(({ signal }) => signal)).toEqual(["stars"]);
      expect(fields).toContainEqual({ key: "score", a: before?.score, b: after?.score });
    }
    expect(found.summary.map(({ key }) => key)).toContainEqual(
      expect.stringMatching(/^distributions\.scores\./),
    );
  });

  it("are those who came and went, with the reason: the target, another search, a job cut short", async () => {
    const fewer = await run("target_leads=1");
    const found = await diff(first, fewer);
    expect(found.spec).toContainEqual({ key: "targetLeads", a: 30, b: 1 });
    expect(found.summary).toContainEqual({ key: "targetLeads", a: 30, b: 1 });
    expect(found.gone.count).toBeGreaterThan(0);
    for (const { person, lead, reason } of found.gone.leads) {
      expect(leads).toContainEqual(expect.objectContaining({ ...person, ...lead }));
      expect(["over_target", "target_reached"]).toContain(reason.code);
      expect(reason.text).toContain("its one lead");
    }
    const back = await diff(fewer, first);
    expect(back.added.count).toBe(found.gone.count);
    expect(back.added.leads).toEqual(found.gone.leads);

    const elsewhere = await run("language=Rust");
    const searched = await diff(first, elsewhere);
    const codes = searched.gone.leads.map(({ reason }) => reason);
    expect(codes).toContainEqual({
      code: "not_found",
      text: expect.stringContaining("another icp.languages"),
    });

    const { jobId: cancelled } = await place.service.submit({ config: smallConfig });
    await place.service.cancel(cancelled);
    const cut = await diff(first, cancelled);
    const failed = await run("source.seed=5", "source.faults=[{fault: revoked_token, operation: people}]");
    for (const [gone, text] of [
      [cut.gone, "that job was cancelled before its end"],
      [(await diff(first, failed)).gone, "that job failed before its end"],
    ] as const) {
      expect(gone.count).toBeGreaterThan(0);
      for (const { reason } of gone.leads) expect(reason).toEqual({ code: "cut_short", text });
    }
    expect(cut.summary).toContainEqual({ key: "status", a: "completed", b: "cancelled" });
  });

  it("are counted however few of them are told, and never told beyond a thousand", async () => {
    const other = await run("scoring.weights.fit.stars=40");
    const all = await diff(first, other);
    const two = await diff(first, other, 2);
    expect(two.changed).toEqual({ count: all.changed.count, leads: all.changed.leads.slice(0, 2) });
    expect((await diff(first, other, 0)).changed.leads).toEqual([]);
    for (const limit of [-1, 0.5, 1_001, Number.NaN]) {
      await expect(place.service.diff(first, other, { limit })).rejects.toMatchObject({
        code: "usage",
        problems: [{ path: ["limit"] }],
      });
    }
  });

  it("tell of nobody who is on the list, or whom either campaign leaves out", async () => {
    const other = await run("scoring.weights.fit.stars=40");
    const listed = someone(0);
    const leftOut = someone(1);
    const without = await run(`suppress=[${JSON.stringify(leftOut.login)}]`);
    await place.service.addSuppressions([listed.login]);
    try {
      const found = await diff(first, other);
      expect(found).toMatchObject({ a: { hidden: 1 }, b: { hidden: 1 } });
      expect(found.a.leads).toBe(leads.length - 1);
      expect(JSON.stringify(found)).not.toMatch(new RegExp(`"${listed.login}"|"${listed.nodeId}"`));

      const [there, back] = [await diff(first, without), await diff(without, first)];
      for (const text of [JSON.stringify(there), JSON.stringify(back)]) {
        for (const { login, nodeId } of [listed, leftOut]) {
          expect(text).not.toMatch(new RegExp(`"${login}"|"${nodeId}"`));
        }
      }
      expect(there.a.hidden).toBe(2);
      expect(there.spec).toContainEqual({ key: "suppress", a: {}, b: { login: 1 } });
      // Nothing of the key under which they are left out, either.
      const { spec } = (await place.runtime.store.readJob(without)) ?? {};
      expect(JSON.stringify(there)).not.toContain(spec?.suppress[0]?.hash ?? "no hash");
    } finally {
      await place.service.removeSuppressions([listed.login]);
    }
  });

  it("only count whoever has come to ask not to be contacted, or is suppressed by a new address", async () => {
    const { jobId: other } = await place.service.submit({ config: smallConfig });
    await place.service.cancel(other);
    const [refuses, moved] = [someone(0), someone(1)];
    const profile = (lead: Lead, changes: object) => ({
      kind: profileTask,
      itemId: lead.nodeId,
      inputDigest: "digest",
      value: JSON.stringify({
        profile: {
          id: lead.nodeId,
          login: lead.login,
          email: null,
          name: null,
          bio: null,
          status: null,
          ...changes,
        },
        missing: null,
      }),
    });
    await place.runtime.store.updateJob(other, () => ({
      taskResults: [
        profile(refuses, { bio: "No recruiters please" }),
        profile(moved, { email: "somebody@elsewhere.example" }),
      ],
    }));
    await place.service.addSuppressions(["@elsewhere.example"]);
    try {
      const found = await diff(first, other);
      expect(found.gone.count).toBe(leads.length);
      expect(found.gone.leads.slice(0, 2)).toEqual([
        { person: null, lead: null, reason: { code: "refused", text: expect.any(String) } },
        { person: null, lead: null, reason: { code: "suppressed", text: expect.any(String) } },
      ]);
      for (const { login, nodeId } of [refuses, moved]) {
        expect(JSON.stringify(found)).not.toMatch(new RegExp(`"${login}"|"${nodeId}"`));
      }
    } finally {
      await place.service.removeSuppressions(["@elsewhere.example"]);
    }
  });

  it("S36 are of no job of another tenant, of none that is not there, and of none that has not ended", async () => {
    const { jobId: foreign } = await place.others.submit({ config: smallConfig });
    await place.work({ jobId: foreign });
    const { jobId: waiting } = await place.service.submit({ config: smallConfig });
    for (const other of [foreign, "job_none", "", "../x"]) {
      for (const pair of [
        [first, other],
        [other, first],
      ] as const) {
        await expect(place.service.diff(...pair)).rejects.toMatchObject({
          code: "not_found",
          message: `There is no job ${other} in this store.`,
        });
      }
    }
    for (const pair of [
      [first, waiting],
      [waiting, first],
    ] as const) {
      await expect(place.service.diff(...pair)).rejects.toMatchObject({ code: "conflict" });
    }
    await place.service.cancel(waiting);
    const { jobId: erased } = await place.service.submit({ config: smallConfig });
    await place.service.eraseJobs({ jobIds: [erased] });
    await expect(place.service.diff(first, erased)).rejects.toMatchObject({ code: "not_found" });
  });
});
